import type { OrderRow } from '@proofbox/contract/admin';
import { Anchor, Group, Text } from '@mantine/core';
import { Link } from 'wouter';
import { countOf, money } from '../format/number.ts';
import { Moment } from '../parts/moment.tsx';
import { ToneBadge } from '../parts/tone-badge.tsx';
import { orderLink } from '../labels/audit-labels.ts';
import { reasonLabels, stateLabels } from '../labels/order-labels.ts';
import { outcomeLabels } from '../labels/outcome-labels.ts';

/** The parts of a row, for the table and for the list of a narrow screen alike. */

export function OrderId({ order }: { order: OrderRow }) {
  return (
    <div style={{ minWidth: 0 }}>
      <Anchor
        component={Link}
        href={orderLink(order.id)}
        className="mono one-line"
        display="block"
        size="sm"
        title={order.id}
      >
        {order.id}
      </Anchor>
      <Text size="xs" c="dimmed" className="digits">
        {order.settledAt === undefined ? 'accepted' : 'since'}{' '}
        <Moment at={order.settledAt ?? order.acceptedAt} /> · {countOf(order.items, 'pizza')},{' '}
        {money(order.total)}
      </Text>
    </div>
  );
}

export function OrderFate({ order }: { order: OrderRow }) {
  return (
    <Group gap={6}>
      <ToneBadge label={stateLabels[order.state]} size="sm" />
      {order.reason !== undefined && (
        <Text size="sm" title={reasonLabels[order.reason].meaning}>
          {reasonLabels[order.reason].name}
        </Text>
      )}
    </Group>
  );
}

export function LastAttempt({ order: { lastAttempt, attempts, replays } }: { order: OrderRow }) {
  if (!lastAttempt) {
    return (
      <Text size="sm" c="dimmed">
        never tried
      </Text>
    );
  }
  const { outcome, status, factory, detail } = lastAttempt;
  return (
    <div style={{ minWidth: 0 }}>
      <Text size="sm" title={outcomeLabels[outcome].meaning}>
        {outcomeLabels[outcome].name} at the {factory}
        {status !== undefined && `, HTTP ${status}`}
      </Text>
      <Text size="xs" c="dimmed" className="foreign" lineClamp={2}>
        {countOf(attempts, 'attempt')}
        {replays > 0 && `, ${countOf(replays, 'replay')}`}
        {detail !== undefined && ` · ${detail}`}
      </Text>
    </div>
  );
}

export function Whose({ order: { diner, storeId } }: { order: OrderRow }) {
  return (
    <div style={{ minWidth: 0 }}>
      <Text size="sm" className="foreign">
        {diner.name ?? `diner ${diner.id}`}
      </Text>
      <Text size="xs" c="dimmed" className="foreign">
        {diner.name === undefined ? '' : `diner ${diner.id} · `}store {String(storeId)}
      </Text>
    </div>
  );
}
