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
import type { Tone, Words } from '../words/tone.ts';

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
export function ToneBadge({ words, size = 'md' }: { words: Words; size?: 'sm' | 'md' | 'lg' }) {
  const ToneIcon = toneIcons[words.tone];
  return (
    <Badge
      color={toneColours[words.tone]}
      variant="light"
      size={size}
      radius="sm"
      tt="none"
      fw={600}
      px={7}
      title={words.meaning}
      leftSection={<ToneIcon size={14} aria-hidden />}
      style={{ flexShrink: 0 }}
    >
      {words.name}
    </Badge>
  );
}
