import '@mantine/charts/styles.css';
import { SimpleGrid, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { adminApi } from '../api/admin-api.ts';
import { rate, shortCount } from '../format/number.ts';
import { PageSkeleton } from '../parts/page-skeleton.tsx';
import { Trouble } from '../parts/trouble.tsx';
import { outagesOf, pointsOf, hasFactories } from './history-series.ts';
import { OutageList } from './outage-list.tsx';
import { TimeChart } from './time-chart.tsx';

/** The last hours as charts, with the outages of each factory behind the lines and as a list. */
export function HistoryCharts({ hours }: { hours: number }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['history', hours],
    queryFn: ({ signal }) => adminApi.history(hours, signal),
    refetchInterval: 30_000,
    placeholderData: (before) => before,
  });
  const points = useMemo(() => (data ? pointsOf(data) : []), [data]);
  const outages = useMemo(() => (data ? outagesOf(data) : []), [data]);
  if (!data) {
    if (error) return <Trouble what="The last hours could not be read" error={error} onRetry={refetch} />;
    return <PageSkeleton rows={2} height={220} />;
  }
  if (points.length < 2) {
    return (
      <Text className="card" c="dimmed" size="sm">
        Nothing has been recorded yet. The first lines appear a minute or so after the start.
      </Text>
    );
  }
  const to = points.at(-1)?.at ?? 0;
  const from = Math.max(to - hours * 3_600_000, points[0]?.at ?? 0);
  const shared = { points, outages, from, to };
  return (
    <>
      <TimeChart
        {...shared}
        title="Orders a second"
        format={rate}
        height={240}
        series={[
          { name: 'acceptedPerSecond', label: 'Accepted', color: 'proof.5' },
          { name: 'fulfilledPerSecond', label: 'Fulfilled', color: 'teal.6', strokeDasharray: '5 3' },
        ]}
      />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <TimeChart
          {...shared}
          title="Backlog"
          isCount
          format={shortCount}
          series={[{ name: 'backlog', label: 'Orders that wait', color: 'yellow.6' }]}
        />
        <TimeChart
          {...shared}
          title="Dead letters"
          isCount
          format={shortCount}
          series={[{ name: 'deadLetters', label: 'Dead and held', color: 'red.6' }]}
        />
      </SimpleGrid>
      <OutageList outages={outages} until={to} isKnown={hasFactories(data)} />
    </>
  );
}
