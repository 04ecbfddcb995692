import { Group, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';

type Props = { title: string; tab?: string; about?: ReactNode; aside?: ReactNode; children: ReactNode };

/** A page with its title, in the tab as well, one sentence on what it is for, and what can be done at its top right. */
export function Page({ title, tab, about, aside, children }: Props) {
  useDocumentTitle(`${tab ?? title} · Proofbox`);
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start" gap="sm">
        <div style={{ minWidth: 0, flex: '1 1 20rem' }}>
          <Title order={1}>{title}</Title>
          {about && (
            <Text c="dimmed" size="sm" maw="44rem">
              {about}
            </Text>
          )}
        </div>
        {aside}
      </Group>
      {children}
    </Stack>
  );
}
