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
      about="Workers stop sending to a factory that fails and find out by themselves when it is back. Switch by hand only where you know something that they cannot know."
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
