import { Anchor, Group, Progress, Stack, Text } from '@mantine/core';
import { count } from '../format/number.ts';

type Props = {
  examined: number;
  total: number;
  found: number;
  isStopped: boolean;
  onStop: () => void;
  onGoOn: () => void;
};

/** A search among very many orders: how far it is, and how to stop it. */
export function SearchLine({ examined, total, found, isStopped, onStop, onGoOn }: Props) {
  return (
    <Stack gap={4} className="card">
      <Group justify="space-between" gap="xs">
        <Text size="sm" className="digits">
          {isStopped ? 'Stopped. Looked' : 'Searching. Looked'} at {count(examined)} of {count(total)} orders,{' '}
          {count(found)} found so far
        </Text>
        <Anchor component="button" type="button" size="sm" onClick={isStopped ? onGoOn : onStop}>
          {isStopped ? 'Go on' : 'Stop'}
        </Anchor>
      </Group>
      <Progress
        value={total === 0 ? 100 : (examined / total) * 100}
        size="sm"
        animated={!isStopped}
        aria-label="Orders looked at"
      />
    </Stack>
  );
}
