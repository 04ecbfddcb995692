import { Group, List, Text } from '@mantine/core';
import { duration } from '../format/duration.ts';
import { localTime } from '../format/moment.ts';
import { useNow } from '../parts/use-now.ts';
import { conditionLabels, factoryLabels } from '../labels/factory-labels.ts';
import type { Outage } from './history-series.ts';

const mostShown = 12;

type Props = {
  outages: Outage[];
  until: number;
  /** Whether the samples name factories at all. */
  isKnown: boolean;
};

/** The shaded spans of the charts as text, the latest first. */
export function OutageList({ outages, until, isKnown }: Props) {
  const now = useNow();
  if (!isKnown) return null;
  if (outages.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        Every factory took orders all the time.
      </Text>
    );
  }
  const shown = outages.toReversed().slice(0, mostShown);
  return (
    <div className="card">
      <Group justify="space-between">
        <Text size="sm" fw={600}>
          When a factory was not taking orders as usual
        </Text>
        {outages.length > shown.length && (
          <Text size="xs" c="dimmed">
            the last {shown.length} of {outages.length}
          </Text>
        )}
      </Group>
      <List size="sm" spacing={2} mt="xs">
        {shown.map(({ factory, from, to, conditions }) => (
          <List.Item key={`${factory} ${from}`}>
            <strong>{factoryLabels[factory]}</strong>: {localTime(from, now)}
            {to >= until ? ', still' : ` to ${localTime(to, now)}`}, {duration(Math.max(to - from, 1_000))} (
            {conditions.map((condition) => conditionLabels[condition].name.toLowerCase()).join(', ')})
          </List.Item>
        ))}
      </List>
    </div>
  );
}
