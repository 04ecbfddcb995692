import type { FactoryView } from '@proofbox/contract/admin';
import { Anchor, DataList, Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { duration } from '../format/duration.ts';
import { countOf } from '../format/number.ts';
import { Fact } from '../parts/fact.tsx';
import { Moment } from '../parts/moment.tsx';
import { ToneBadge } from '../parts/tone-badge.tsx';
import { useNow } from '../parts/use-now.ts';
import { orderLink } from '../labels/audit-labels.ts';
import { conditionLabels, factoryLabels } from '../labels/factory-labels.ts';
import type { Label } from '../labels/tone.ts';

type Props = { view: FactoryView; headingOrder?: 2 | 3; children?: ReactNode };

const unknownLabel: Label = {
  name: 'Not known yet',
  meaning: 'No worker has judged it since this Redis was set up.',
  tone: 'quiet',
};

/** How a factory is: what Proofbox does with it, since when, and why. `children` stand at its foot. */
export function FactoryCard({ view, headingOrder = 2, children }: Props) {
  const now = useNow();
  // A factory that never failed has baked orders, and still nobody had to judge it.
  const isKnown = view.isKnown || view.lastFulfilledAt !== undefined;
  const label = isKnown ? conditionLabels[view.condition] : unknownLabel;
  const isThrottled = view.throttledUntil !== undefined && Date.parse(view.throttledUntil) > now;
  return (
    <Stack className="card" gap="xs" component="article" aria-label={factoryLabels[view.factory]}>
      <Group justify="space-between" gap="xs">
        <Title order={headingOrder}>{factoryLabels[view.factory]}</Title>
        <ToneBadge label={label} />
      </Group>
      <Text size="sm" c="dimmed">
        {label.meaning}
      </Text>
      <DataList size="sm" gap={4} labelWidth="7.5rem">
        {view.cause !== undefined && <Fact label="Cause">{view.cause}</Fact>}
        {view.since !== undefined && (
          <Fact label="Since">
            <Moment at={view.since} show="both" />
          </Fact>
        )}
        {view.until !== undefined && (
          <Fact label="Next try">
            {Date.parse(view.until) > now ? <Moment at={view.until} /> : 'with the next order'}
          </Fact>
        )}
        {view.probe !== undefined && (
          <Fact label="Trying">
            <Anchor component={Link} href={orderLink(view.probe.orderId)} size="sm" className="mono">
              {view.probe.orderId}
            </Anchor>
          </Fact>
        )}
        {view.permits !== undefined && (
          <Fact label="At a time">{countOf(view.permits, 'order')} at most</Fact>
        )}
        {isThrottled && view.throttledUntil !== undefined && (
          <Fact label="Asked to wait">
            goes on <Moment at={view.throttledUntil} />
          </Fact>
        )}
        {view.forced && (
          <>
            <Fact label="Decided by">
              {view.forced.by}, <Moment at={view.forced.at} />
            </Fact>
            <Fact label="Why">{view.forced.why}</Fact>
            {view.unforced !== undefined && (
              <Fact label="Otherwise">{conditionLabels[view.unforced].name.toLowerCase()}</Fact>
            )}
          </>
        )}
        <Fact label="Last order baked">
          {view.lastFulfilledAt === undefined ? 'nothing yet' : <Moment at={view.lastFulfilledAt} />}
        </Fact>
        {view.latencyMs !== undefined && <Fact label="Answers in">{duration(view.latencyMs)}</Fact>}
      </DataList>
      {children}
    </Stack>
  );
}
