import { isoTime, factoryNames, type FactoryName } from '@proofbox/contract';
import type { FactoryView } from '@proofbox/contract/admin';
import { asItCanMean, conditionOf, unforcedConditionOf, type BreakerState } from '@proofbox/factory/breaker';
import { readFactoryFacts, type FactoryFacts, type LedgerBreakerStore, type Names } from '@proofbox/ledger';

type Redis = Parameters<typeof readFactoryFacts>[0]['redis'];

/** Every factory there can be, as the fleet treats it now. */
export async function readFactoryViews(input: {
  redis: Redis;
  names: Names;
  breakers: Pick<LedgerBreakerStore, 'get' | 'refresh'>;
  now?: () => number;
}): Promise<FactoryView[]> {
  await input.breakers.refresh();
  return Promise.all(factoryNames.map((name) => viewOf(name, input)));
}

/** One factory, as the store has it already: after a change to it, for instance. */
export async function viewOf(
  name: FactoryName,
  { redis, names, breakers, now = Date.now }: Parameters<typeof readFactoryViews>[0],
): Promise<FactoryView> {
  return toFactoryView(breakers.get(name), await readFactoryFacts({ redis, names }, name), now());
}

/** @param now ms since the epoch */
export function toFactoryView(stored: BreakerState, facts: FactoryFacts, now: number): FactoryView {
  const breaker = asItCanMean(stored, now);
  const { factory, state, cause, forced, openUntil, probe, permits, throttledUntil } = breaker;
  const since = sinceOf(breaker);
  return {
    factory,
    condition: conditionOf(breaker, now),
    isKnown: breaker.version > 0,
    ...(since > 0 && { since: isoTime(since) }),
    ...(cause !== undefined && { cause }),
    ...(state === 'open' && openUntil > now && { until: isoTime(openUntil) }),
    ...(probe && probe.until > now && { probe: { ...probe, until: isoTime(probe.until) } }),
    ...(permits !== undefined && { permits }),
    ...(throttledUntil > now && { throttledUntil: isoTime(throttledUntil) }),
    ...(forced && {
      forced: { ...forced, at: isoTime(forced.at) },
      unforced: unforcedConditionOf(breaker, now),
    }),
    ...(facts.lastFulfilledAt > 0 && { lastFulfilledAt: isoTime(facts.lastFulfilledAt) }),
    ...(facts.latencyMs !== undefined && { latencyMs: facts.latencyMs }),
  };
}

/** Since when it is as it is, in ms since the epoch; 0 for ever. A probe that fails does not begin a new outage. */
export function sinceOf({ forced, state, failingSince, changedAt }: BreakerState): number {
  if (forced) return forced.at;
  return state === 'open' && failingSince > 0 ? failingSince : changedAt;
}
