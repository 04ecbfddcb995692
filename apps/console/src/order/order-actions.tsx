import type { ChangeResult, OrderDetail } from '@proofbox/contract/admin';
import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { adminApi } from '../api/admin-api.ts';
import { AllowedButton } from '../parts/allowed-button.tsx';
import { AskWhy } from '../parts/ask-why.tsx';
import { stateLabels } from '../labels/order-labels.ts';
import { EditDialog } from './edit-dialog.tsx';

/** What can be done with an order that is not fulfilled. What the server advises stands out. */
export function OrderActions({ order }: { order: OrderDetail }) {
  const [asked, setAsked] = useState<'replay' | 'edit' | 'discard'>();
  const client = useQueryClient();
  const close = () => setAsked(undefined);
  const settle = async (result: ChangeResult) => {
    notify(result);
    await Promise.all([
      client.invalidateQueries({ queryKey: ['order', order.id] }),
      client.invalidateQueries({ queryKey: ['orders'] }),
    ]);
  };
  const { actions } = order.nextStep;
  const isDeadLetter = order.state === 'dead' || order.state === 'held';
  const ways = actions[0] === 'edit' ? (['edit', 'replay'] as const) : (['replay', 'edit'] as const);
  const variant = (action: (typeof actions)[number]) => (actions[0] === action ? 'filled' : 'default');
  return (
    <>
      {actions.length > 0 && (
        <Group gap="xs" mt={4}>
          {isDeadLetter &&
            ways.map((way) => (
              <AllowedButton key={way} size="xs" variant={variant(way)} onClick={() => setAsked(way)}>
                {way === 'edit' ? 'Edit and replay …' : 'Replay …'}
              </AllowedButton>
            ))}
          {actions.includes('discard') && (
            <AllowedButton size="xs" variant="light" color="red" onClick={() => setAsked('discard')}>
              Discard …
            </AllowedButton>
          )}
          {actions.includes('factories') && (
            <Button component={Link} href="/factories" size="xs" variant={variant('factories')}>
              See the factories
            </Button>
          )}
        </Group>
      )}
      <AskWhy
        isOpen={asked === 'replay'}
        onClose={close}
        title="Replay this order?"
        confirm="Replay"
        act={async (why) => settle(await adminApi.replay(order.id, { why }))}
      >
        It goes back into the queue as it is and is sent to a factory again, with a new deadline.
        {order.state === 'held' && ' It may have been baked already: then it is baked twice.'}
      </AskWhy>
      <AskWhy
        isOpen={asked === 'discard'}
        onClose={close}
        title="Discard this order?"
        confirm="Discard"
        isDangerous
        act={async (why) => settle(await adminApi.discard(order.id, why))}
      >
        Its diner gets no pizza, and this cannot be undone.
        {order.state === 'baking' && ' A factory may be baking it right now: then its pizza is in vain.'}
      </AskWhy>
      <EditDialog
        isOpen={asked === 'edit'}
        order={order}
        onClose={close}
        act={async (why, edited) =>
          settle(await adminApi.replay(order.id, { why, order: edited, asOf: order.updatedAt }))
        }
      />
    </>
  );
}

function notify({ result, state }: ChangeResult): void {
  const messages: Record<ChangeResult['result'], string> = {
    replayed: 'Replayed. It waits for a factory now.',
    discarded: 'Discarded.',
    unchanged: `Nothing was changed: another request was faster. It is “${stateLabels[state].name}” now.`,
  };
  notifications.show({ message: messages[result], color: result === 'unchanged' ? 'yellow' : 'teal' });
}
