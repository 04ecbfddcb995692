import type { DinerView, OrderDetail } from '@proofbox/contract/admin';
import { Anchor, DataList, Stack, Table, Text } from '@mantine/core';
import { Link } from 'wouter';
import { toQuery } from '../address/query.ts';
import { countOf, money } from '../format/number.ts';
import { Fact } from '../parts/fact.tsx';
import { Moment } from '../parts/moment.tsx';
import { Section } from '../parts/section.tsx';
import { factoryLabels } from '../labels/factory-labels.ts';
import { DinerCard } from './diner-card.tsx';

type Props = { order: OrderDetail; diner: DinerView; onReveal: (diner: DinerView) => void };

/** What an order is: whose, what of, how much, until when. */
export function OrderFacts({ order, diner, onReveal }: Props) {
  return (
    <Stack gap="lg">
      <Section title="Diner">
        <DinerCard orderId={order.id} diner={diner} onReveal={onReveal} />
      </Section>
      <Section title="What was ordered">
        <div className="card">
          <Table verticalSpacing={4} horizontalSpacing={0} withRowBorders={false} aria-label="Items">
            <Table.Tbody>
              {order.order.items.map((item, index) => (
                <Table.Tr key={index}>
                  <Table.Td className="foreign">
                    {item.description}
                    <Text size="xs" c="dimmed">
                      menu {String(item.menuId)}
                    </Text>
                  </Table.Td>
                  <Table.Td ta="right" className="digits" style={{ verticalAlign: 'top' }}>
                    {money(item.price)}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
            <Table.Tfoot>
              <Table.Tr>
                <Table.Th>{countOf(order.items, 'pizza')}</Table.Th>
                <Table.Th ta="right" className="digits">
                  {money(order.total)}
                </Table.Th>
              </Table.Tr>
            </Table.Tfoot>
          </Table>
        </div>
      </Section>
      <Section title="Facts">
        <DataList className="card" size="sm" gap={6} labelWidth="7rem">
          <Fact label="Store">
            <Anchor
              component={Link}
              underline="always"
              size="sm"
              href={`/dead-letters${toQuery({ store: String(order.storeId) })}`}
              title="Dead letters of this store"
            >
              {String(order.storeId)}
            </Anchor>{' '}
            of franchise {String(order.franchiseId)}
          </Fact>
          <Fact label="Came from">
            {order.source === 'frontend' ? 'the diner’s page' : 'an order service'}
          </Fact>
          <Fact label="Accepted">
            <Moment at={order.acceptedAt} show="both" />
          </Fact>
          <Fact label="Deadline">
            <Moment at={order.deadlineAt} show="both" />
          </Fact>
          <Fact label="Attempts">
            {order.attempts}, {order.countedFailures === 0 ? 'none' : order.countedFailures} counted against
            the order
          </Fact>
          {order.replays > 0 && <Fact label="Replays">{order.replays}</Fact>}
          <Fact label="Receipt">
            {order.hasReceipt
              ? `yes, from the ${order.factory ? factoryLabels[order.factory].toLowerCase() : 'factory'}`
              : 'none'}
          </Fact>
          {order.fulfilledAt !== undefined && (
            <Fact label="Fulfilled">
              <Moment at={order.fulfilledAt} show="both" />
            </Fact>
          )}
          {order.discardReason !== undefined && <Fact label="Discarded">“{order.discardReason}”</Fact>}
          <Fact label="Last change">
            <Moment at={order.updatedAt} show="both" />
          </Fact>
        </DataList>
      </Section>
    </Stack>
  );
}
