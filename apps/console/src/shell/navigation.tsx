import { Badge, NavLink, Stack } from '@mantine/core';
import {
  IconActivity,
  IconBuildingFactory2,
  IconHistory,
  IconListCheck,
  IconMailOff,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { count, shortCount } from '../format/number.ts';
import { useBulkTasks, useOverview } from '../live/live.tsx';

/** Where one can go. */
export function Navigation() {
  return (
    <Stack gap={4}>
      <PageLink href="/" label="Now" icon={<IconActivity size={18} aria-hidden />} />
      <PageLink
        href="/dead-letters"
        label="Dead letters"
        icon={<IconMailOff size={18} aria-hidden />}
        sign={<DeadLetterCount />}
      />
      <PageLink
        href="/tasks"
        label="Bulk tasks"
        icon={<IconListCheck size={18} aria-hidden />}
        sign={<RunningCount />}
      />
      <PageLink href="/factories" label="Factories" icon={<IconBuildingFactory2 size={18} aria-hidden />} />
      <PageLink href="/audit" label="Audit log" icon={<IconHistory size={18} aria-hidden />} />
    </Stack>
  );
}

type PageLinkProps = { href: string; label: string; icon: ReactNode; sign?: ReactNode };

function PageLink({ href, label, icon, sign }: PageLinkProps) {
  const [path] = useLocation();
  const isHere = path === href || (href === '/dead-letters' && path.startsWith('/orders/'));
  return (
    <NavLink
      component={Link}
      href={href}
      label={label}
      leftSection={icon}
      rightSection={sign}
      active={isHere}
      {...(isHere && { 'aria-current': 'page' as const })}
      noWrap
      py={6}
      style={{ borderRadius: 'var(--mantine-radius-md)' }}
    />
  );
}

function DeadLetterCount() {
  const { data } = useOverview();
  const many = (data?.counts.dead ?? 0) + (data?.counts.held ?? 0);
  if (many === 0) return null;
  return (
    <Badge variant="light" color="red" size="sm" title={`${count(many)} dead and held`}>
      {shortCount(many)}
    </Badge>
  );
}

function RunningCount() {
  const { data = [] } = useBulkTasks();
  const running = data.filter(({ state }) => state === 'running' || state === 'paused').length;
  if (running === 0) return null;
  return (
    <Badge variant="light" size="sm" title={`${running} not ended`}>
      {running}
    </Badge>
  );
}
