import { Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Tone } from '../labels/tone.ts';
import { toneColours, toneIcons } from './tone-badge.tsx';

type Props = { tone: Tone; title: string; role?: 'region' | 'status' | 'alert'; children: ReactNode };

/** Something to be aware of: a quiet card with a coloured edge, a sign and a title. */
export function Note({ tone, title, role = 'region', children }: Props) {
  const ToneIcon = toneIcons[tone];
  const colour = `var(--mantine-color-${toneColours[tone]}-filled)`;
  return (
    <div className="card note" role={role} aria-label={title} style={{ borderLeftColor: colour }}>
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <ToneIcon size={20} color={colour} aria-hidden style={{ flexShrink: 0, marginTop: 1 }} />
        <Stack gap={6} style={{ minWidth: 0, flex: 1 }}>
          <Text fw={600} size="sm">
            {title}
          </Text>
          {children}
        </Stack>
      </Group>
    </div>
  );
}
