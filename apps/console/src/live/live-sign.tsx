import { Badge } from '@mantine/core';
import { useLiveState, useOverview } from './live.tsx';
import type { LiveState } from './live-stream.ts';

const signs: Record<LiveState['is'], { label: string; colour: string }> = {
  connecting: { label: 'Connecting', colour: 'gray' },
  live: { label: 'Live', colour: 'teal' },
  cut: { label: 'Not live', colour: 'yellow' },
  away: { label: 'Redis away', colour: 'red' },
};

/** Whether the numbers are of this second. */
export function LiveSign() {
  const { label, colour } = signs[useLiveState().is];
  const { data } = useOverview();
  return (
    <Badge
      variant="dot"
      color={colour}
      tt="none"
      fw={550}
      visibleFrom="xs"
      style={{ flexShrink: 0 }}
      title={data ? `The numbers are of ${data.at}` : 'No numbers yet'}
    >
      {label}
    </Badge>
  );
}
