import type { OrderRow } from '@proofbox/contract/admin';
import { Stack, Text } from '@mantine/core';
import { count } from '../format/number.ts';
import { Moment } from '../parts/moment.tsx';
import { outcomeLabels } from '../labels/outcome-labels.ts';

const mostShown = 5;

type Props = { orders: OrderRow[]; total: number };

/** A few of the orders that a task would work on, the oldest first. */
export function OrderSample({ orders, total }: Props) {
  const shown = orders.slice(0, mostShown);
  if (shown.length === 0) return null;
  return (
    <Stack gap={4} p="xs" style={{ border: '1px solid var(--card-border)', borderRadius: '0.5rem' }}>
      <Text size="xs" c="dimmed" fw={550}>
        {shown.length < total ? `The oldest ${shown.length} of ${count(total)}` : 'All of them'}
      </Text>
      {shown.map((order) => (
        <Text key={order.id} size="xs" className="one-line">
          <span className="mono">{order.id}</span>
          {order.lastAttempt && `, ${outcomeLabels[order.lastAttempt.outcome].name.toLowerCase()}`}
          {order.lastAttempt?.detail !== undefined && ` (${order.lastAttempt.detail})`},{' '}
          <Moment at={order.settledAt ?? order.acceptedAt} />
        </Text>
      ))}
    </Stack>
  );
}
