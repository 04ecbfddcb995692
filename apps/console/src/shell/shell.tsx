import type { SessionView } from '@proofbox/contract/admin';
import { AppShell, Burger, Group, Image, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { Announcer } from '../live/announcer.tsx';
import { StreamCut } from '../live/stream-cut.tsx';
import { LiveSign } from '../live/live-sign.tsx';
import { FaultBoundary } from '../parts/fault-boundary.tsx';
import { Navigation } from './navigation.tsx';
import { OrderSearch } from './order-search.tsx';
import logo from './proofbox.svg';
import { SessionMenu } from './session-menu.tsx';
import { usePageStart } from './use-page-start.ts';

/** What stands around every page: where one can go, the search, who is signed in, and whether the numbers are live. */
export function Shell({ session, children }: { session: SessionView; children: ReactNode }) {
  const [isOpen, { toggle, close }] = useDisclosure();
  const [path] = useLocation();
  usePageStart(path);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 224, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding={{ base: 'md', sm: 'xl' }}
    >
      <a className="skip-link" href="#content">
        Skip to the content
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" wrap="nowrap" gap="sm">
          <Burger
            opened={isOpen}
            onClick={toggle}
            hiddenFrom="sm"
            size="sm"
            aria-label={isOpen ? 'Close the menu' : 'Open the menu'}
            aria-expanded={isOpen}
          />
          <Link href="/" className="tile-link" aria-label="Proofbox, how everything is now">
            <Group gap="xs" wrap="nowrap" w={{ base: 'auto', sm: 196 }}>
              <Image src={logo} w={28} h={28} alt="" />
              <Text fw={650} visibleFrom="sm">
                Proofbox
              </Text>
            </Group>
          </Link>
          <OrderSearch />
          <Group gap="sm" wrap="nowrap" ml="auto">
            <LiveSign />
            <SessionMenu session={session} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label="Pages" onClick={close}>
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} style={{ outline: 'none' }}>
        <div style={{ maxWidth: '80rem', marginInline: 'auto' }}>
          <StreamCut />
          <FaultBoundary key={path}>{children}</FaultBoundary>
        </div>
      </AppShell.Main>
      <Announcer />
    </AppShell>
  );
}
