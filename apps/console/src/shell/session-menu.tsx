import type { SessionView } from '@proofbox/contract/admin';
import {
  Avatar,
  Box,
  Menu,
  SegmentedControl,
  Text,
  UnstyledButton,
  useMantineColorScheme,
  VisuallyHidden,
} from '@mantine/core';
import { IconLogout, IconUser } from '@tabler/icons-react';
import { useSignOut } from '../session/session.ts';

/** Who is signed in and as what, the colours of the page, and the way out. */
export function SessionMenu({ session }: { session: SessionView }) {
  const signOut = useSignOut();
  return (
    <Menu position="bottom-end" width={240} closeOnItemClick={false}>
      <Menu.Target>
        <UnstyledButton style={{ display: 'flex', alignItems: 'center', gap: '0.5rem' }}>
          <Avatar size={30} color="proof" aria-hidden>
            <IconUser size={18} />
          </Avatar>
          <Box visibleFrom="md" maw={160}>
            <Text size="sm" fw={550} lh={1.2} className="one-line">
              {session.name}
            </Text>
            <Text size="xs" c="dimmed" lh={1.2}>
              {session.role}
            </Text>
          </Box>
          <Box hiddenFrom="md" pos="absolute">
            <VisuallyHidden>
              {session.name}, {session.role}
            </VisuallyHidden>
          </Box>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {session.name}, {session.role}
        </Menu.Label>
        <Box px="sm" pb="xs">
          <ColourScheme />
        </Box>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} aria-hidden />}
          onClick={() => signOut.mutate()}
          disabled={signOut.isPending}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function ColourScheme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      aria-label="Colours"
      value={colorScheme}
      onChange={setColorScheme}
      data={[
        { value: 'auto', label: 'Auto' },
        { value: 'light', label: 'Light' },
        { value: 'dark', label: 'Dark' },
      ]}
    />
  );
}
