import { SimpleGrid } from '@mantine/core';
import { FactoryCard } from '../factories/factory-card.tsx';
import { FactorySwitches } from '../factories/factory-switches.tsx';
import { useOverview } from '../live/live.tsx';
import { DeliveryCard } from '../now/delivery-card.tsx';
import { Page } from '../parts/page.tsx';
import { PageSkeleton } from '../parts/page-skeleton.tsx';
import { Trouble } from '../parts/trouble.tsx';

/** Each factory as the workers treat it, with the switches for when a person knows better. */
export function FactoriesPage() {
  const { data: overview, error, refetch } = useOverview();
  return (
    <Page
      title="Factories"
      about="When a factory fails, the workers stop sending it orders, and find out when it is back. Switch it by hand only if you know something that they cannot know."
    >
      {error && !overview && (
        <Trouble what="The factories could not be read" error={error} onRetry={refetch} />
      )}
      {!overview && !error && <PageSkeleton rows={2} height={220} />}
      {overview && (
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
          {overview.factories.map((factory) => (
            <FactoryCard key={factory.factory} view={factory}>
              <FactorySwitches view={factory} />
            </FactoryCard>
          ))}
          <DeliveryCard queuePause={overview.queuePause} workers={overview.workers} />
        </SimpleGrid>
      )}
    </Page>
  );
}
