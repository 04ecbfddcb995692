import { SegmentedControl, SimpleGrid, Stack } from '@mantine/core';
import { Suspense } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { FactoryCard } from '../factories/factory-card.tsx';
import { useOverview } from '../live/live.tsx';
import { DeliveryCard } from '../now/delivery-card.tsx';
import { Numbers } from '../now/numbers.tsx';
import { Warnings } from '../now/warnings.tsx';
import { FaultBoundary } from '../parts/fault-boundary.tsx';
import { pageFile } from '../parts/page-file.ts';
import { PageSkeleton } from '../parts/page-skeleton.tsx';
import { Page } from '../parts/page.tsx';
import { Section } from '../parts/section.tsx';
import { Trouble } from '../parts/trouble.tsx';

// The chart library is as large as all the rest.
const HistoryCharts = pageFile(async () => (await import('../now/history-charts.tsx')).HistoryCharts);
const ranges = ['1', '6', '24', '48'];

/** How everything is at this moment, and how it was in the last hours. */
export function NowPage() {
  const { data: overview, error, refetch } = useOverview();
  if (!overview) {
    return (
      <Page title="Now">
        {error ? (
          <Trouble what="The numbers could not be read" error={error} onRetry={refetch} />
        ) : (
          <PageSkeleton />
        )}
      </Page>
    );
  }
  return (
    <Page title="Now">
      <Warnings warnings={overview.warnings} />
      <Numbers overview={overview} />
      <Section title="Factories and delivery">
        <SimpleGrid cols={{ base: 1, md: 3 }} spacing="md">
          {overview.factories.map((factory) => (
            <FactoryCard key={factory.factory} view={factory} headingOrder={3} />
          ))}
          <DeliveryCard queuePause={overview.queuePause} workers={overview.workers} headingOrder={3} />
        </SimpleGrid>
      </Section>
      <History />
    </Page>
  );
}

function History() {
  const [query] = useSearchParams();
  const [, navigate] = useLocation();
  const asked = query.get('hours') ?? '6';
  const hours = ranges.includes(asked) ? asked : '6';
  return (
    <Section
      title="The last hours"
      aside={
        <SegmentedControl
          size="xs"
          aria-label="How many hours"
          value={hours}
          onChange={(value) => navigate(value === '6' ? '/' : `/?hours=${value}`)}
          data={ranges.map((value) => ({ value, label: `${value} h` }))}
        />
      }
    >
      <Stack gap="md">
        <FaultBoundary>
          <Suspense fallback={<PageSkeleton rows={2} height={220} />}>
            <HistoryCharts hours={Number(hours)} />
          </Suspense>
        </FaultBoundary>
      </Stack>
    </Section>
  );
}
