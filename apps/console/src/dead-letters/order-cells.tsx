import type { OrderRow } from '@proofbox/contract/admin';
import { Anchor, Group, Text } from '@mantine/core';
import { Link } from 'wouter';
import { countOf, money } from '../format/number.ts';
import { Moment } from '../parts/moment.tsx';
import { ToneBadge } from '../parts/tone-badge.tsx';
import { orderLink } from '../words/audit-words.ts';
import { reasonWords, stateWords } from '../words/order-words.ts';
import { outcomeWords } from '../words/outcome-words.ts';

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
        {order.restedAt === undefined ? 'accepted' : 'since'}{' '}
        <Moment at={order.restedAt ?? order.acceptedAt} /> · {countOf(order.items, 'pizza')},{' '}
        {money(order.total)}
      </Text>
    </div>
  );
}

export function OrderFate({ order }: { order: OrderRow }) {
  return (
    <Group gap={6}>
      <ToneBadge words={stateWords[order.state]} size="sm" />
      {order.reason !== undefined && (
        <Text size="sm" title={reasonWords[order.reason].meaning}>
          {reasonWords[order.reason].name}
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
      <Text size="sm" title={outcomeWords[outcome].meaning}>
        {outcomeWords[outcome].name} at the {factory}
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
