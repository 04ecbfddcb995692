import type { DinerView } from '@proofbox/contract/admin';
import { Anchor, EmptyState, Grid, Group, Stack, Text } from '@mantine/core';
import { IconMailQuestion } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { toQuery } from '../address/query.ts';
import { adminApi } from '../api/admin-api.ts';
import { ApiError } from '../api/api-error.ts';
import { OrderActions } from '../order/order-actions.tsx';
import { OrderFacts } from '../order/order-facts.tsx';
import { StoryTimeline } from '../order/story-timeline.tsx';
import { storyOf } from '../order/story.ts';
import { CopyId } from '../parts/copy-id.tsx';
import { Note } from '../parts/note.tsx';
import { Page } from '../parts/page.tsx';
import { PageSkeleton } from '../parts/page-skeleton.tsx';
import { Section } from '../parts/section.tsx';
import { ToneBadge } from '../parts/tone-badge.tsx';
import { Trouble } from '../parts/trouble.tsx';
import { stateLabels } from '../labels/order-labels.ts';

/** One order: what happened to it, what it is, and what can be done. */
export function OrderPage({ id }: { id: string }) {
  const [revealed, setRevealed] = useState<DinerView>();
  const { data, error, refetch } = useQuery({
    queryKey: ['order', id],
    queryFn: ({ signal }) => adminApi.order(id, signal),
    // A pending order changes on its own; a settled one only when an operator acts.
    refetchInterval: ({ state }) => {
      const now = state.data?.state;
      return now === 'queued' || now === 'baking' ? 1_000 : 15_000;
    },
  });
  if (!data) {
    return (
      <Page title="Order" tab={`Order ${id}`}>
        {!error && <PageSkeleton rows={3} height={120} />}
        {error instanceof ApiError && error.status === 404 && <NoSuchOrder id={id} />}
        {error && !(error instanceof ApiError && error.status === 404) && (
          <Trouble what="The order could not be read" error={error} onRetry={refetch} />
        )}
      </Page>
    );
  }
  const label = stateLabels[data.state];
  return (
    <Page
      title="Order"
      tab={`Order ${id}`}
      about={<CopyId id={data.id} />}
      aside={
        <Group gap="xs">
          <ToneBadge label={label} size="lg" />
        </Group>
      }
    >
      {error && <Trouble what="The order could not be read again" error={error} onRetry={refetch} />}
      <Note tone={label.tone} title="What to do">
        <Text size="sm">{data.nextStep.advice}</Text>
        <OrderActions order={data} />
      </Note>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Section title="What happened">
            <div className="card">
              <StoryTimeline events={storyOf(data)} />
            </div>
          </Section>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <OrderFacts order={data} diner={revealed ?? data.diner} onReveal={setRevealed} />
        </Grid.Col>
      </Grid>
    </Page>
  );
}

function NoSuchOrder({ id }: { id: string }) {
  return (
    <Stack className="card" py="xl">
      <EmptyState
        icon={<IconMailQuestion aria-hidden />}
        title={<span className="foreign">There is no order {id}</span>}
        description={`The ledger does not have it. The id may be mistyped, or the order may still wait in an outbox, or be too old to be kept.`}
      >
        <EmptyState.Actions>
          <Anchor component={Link} href={`/dead-letters${toQuery({ text: id })}`} size="sm">
            Look for it in the errors of dead letters
          </Anchor>
        </EmptyState.Actions>
      </EmptyState>
    </Stack>
  );
}
