import type { QueuePauseView } from '@proofbox/contract/admin';
import { DataList, Group, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { adminApi } from '../api/admin-api.ts';
import { countOf } from '../format/number.ts';
import { AllowedButton } from '../parts/allowed-button.tsx';
import { AskWhy } from '../parts/ask-why.tsx';
import { Fact } from '../parts/fact.tsx';
import { Moment } from '../parts/moment.tsx';
import { ToneBadge } from '../parts/tone-badge.tsx';
import type { Label } from '../labels/tone.ts';

type Props = { queuePause: QueuePauseView; workers: number; headingOrder?: 2 | 3 };

/** Whether the workers take orders at all, and the switch that stops or starts them. */
export function DeliveryCard({ queuePause, workers, headingOrder = 2 }: Props) {
  const [isAsking, ask] = useDisclosure();
  const client = useQueryClient();
  const { isPaused } = queuePause;
  return (
    <Stack className="card" gap="xs" component="article" aria-label="Delivery to the factories">
      <Group justify="space-between" gap="xs">
        <Title order={headingOrder}>Delivery</Title>
        <ToneBadge label={deliveryLabel(isPaused, workers)} />
      </Group>
      <Text size="sm" c="dimmed">
        {deliveryLabel(isPaused, workers).meaning}
      </Text>
      <DataList size="sm" gap={4} labelWidth="6.5rem">
        <Fact label="Workers">
          {workers === 0 ? 'none is running' : `${countOf(workers, 'worker')} running`}
        </Fact>
        {isPaused && queuePause.by !== undefined && <Fact label="Paused by">{queuePause.by}</Fact>}
        {isPaused && queuePause.at !== undefined && (
          <Fact label="Since">
            <Moment at={queuePause.at} show="both" />
          </Fact>
        )}
        {isPaused && queuePause.why !== undefined && <Fact label="Why">{queuePause.why}</Fact>}
      </DataList>
      <Group mt="auto" pt="xs">
        <AllowedButton size="xs" variant={isPaused ? 'filled' : 'default'} onClick={ask.open}>
          {isPaused ? 'Resume delivery' : 'Pause delivery'}
        </AllowedButton>
      </Group>
      <AskWhy
        isOpen={isAsking}
        onClose={ask.close}
        title={isPaused ? 'Resume delivery?' : 'Pause delivery?'}
        confirm={isPaused ? 'Resume delivery' : 'Pause delivery'}
        act={async (why) => {
          await adminApi.setPause({ isPaused: !isPaused, why });
          await client.invalidateQueries({ queryKey: ['overview'] });
        }}
      >
        {isPaused
          ? 'The workers take orders again and send them to the factories, as fast as the factories can bake them.'
          : 'Ingest still accepts orders and keeps them safe, but the workers send none to a factory until an operator resumes delivery. They finish the orders that a factory has right now. Diners wait, and deadlines run on: an order whose deadline passes becomes a dead letter.'}
      </AskWhy>
    </Stack>
  );
}

function deliveryLabel(isPaused: boolean, workers: number): Label {
  if (isPaused) {
    return {
      name: 'Paused',
      tone: 'chosen',
      meaning: 'Ingest accepts and keeps orders. The queue is paused, so the workers send none to a factory.',
    };
  }
  if (workers === 0) {
    return {
      name: 'No worker',
      tone: 'bad',
      meaning: 'Ingest accepts and keeps orders, but no worker is running to send them. Start one.',
    };
  }
  return {
    name: 'Running',
    tone: 'good',
    meaning: 'Workers send the orders to the factories: the queue runs.',
  };
}
