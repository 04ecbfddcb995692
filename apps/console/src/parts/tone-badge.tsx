import { Badge } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconHandStop,
  IconHourglass,
  type Icon,
} from '@tabler/icons-react';
import type { Tone, Label } from '../labels/tone.ts';

export const toneColours: Record<Tone, string> = {
  good: 'teal',
  busy: 'blue',
  careful: 'yellow',
  bad: 'red',
  chosen: 'grape',
  quiet: 'gray',
};

/** Colour is never the only sign. */
export const toneIcons: Record<Tone, Icon> = {
  good: IconCircleCheck,
  busy: IconHourglass,
  careful: IconAlertTriangle,
  bad: IconCircleX,
  chosen: IconHandStop,
  quiet: IconCircleDashed,
};

/** How something stands: a word, a sign and a colour; pointing at it says what the word means. */
export function ToneBadge({ label, size = 'md' }: { label: Label; size?: 'sm' | 'md' | 'lg' }) {
  const ToneIcon = toneIcons[label.tone];
  return (
    <Badge
      color={toneColours[label.tone]}
      variant="light"
      size={size}
      radius="sm"
      tt="none"
      fw={600}
      px={7}
      title={label.meaning}
      leftSection={<ToneIcon size={14} aria-hidden />}
      style={{ flexShrink: 0 }}
    >
      {label.name}
    </Badge>
  );
}
