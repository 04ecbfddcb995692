import type { FactoryName } from '@proofbox/contract';
import { createMemoryBreakerStore } from '@proofbox/factory/breaker';
import { createNames } from '@proofbox/ledger';
import { always } from './behaviours.ts';
import { baked } from './answer.ts';
import { tallyBreaker, type BreakerTally } from './breaker-tally.ts';
import { arrivalsOf, isGood, type Row } from './row.ts';
import type { Result, Served } from './served.ts';
import { createSimFactory } from './sim-factory.ts';
import { createSimIngest } from './sim-ingest.ts';
import { SimLedger } from './sim-ledger.ts';
import { SimQueue } from './sim-queue.ts';
import { SimRedis } from './sim-redis.ts';
import { startSimWorker } from './sim-worker.ts';
import { VirtualTime } from './virtual-time.ts';

/** So long after the last order came the rest is watched, in ms. */
const watchedMs = 600_000;

export type ProofboxResult = Result & {
  breaker: BreakerTally;
  /** Calls to the primary before the end of its Retry-After. */
  callsTooEarly: number;
  /** After how long each order of the first half that no factory bakes was dead; Infinity: not when the last good one was baked. */
  badOnesDeadAfterMs: number[];
  /** From the mending of the primary until no good order had waited for more than a second; undefined: it was never ill. */
  fullPaceMs: number | undefined;
};

/** How an order ended: baked, or dead or held. */
type Settlement = { afterMs: number; isFulfilled: boolean; isAtOnce: boolean };

/** Serves the orders of a row with the real policies. @throws Error when one of them broke */
export async function runProofbox(
  row: Row,
  { seed, canaryIntervalMs }: { seed: number; canaryIntervalMs: number },
): Promise<ProofboxResult> {
  const { scenario, hasFallback, workers } = row;
  const course = scenario.course(row, seed);
  const arrivals = arrivalsOf(row, course.lengthMs, seed);
  const time = new VirtualTime();
  const redis = new SimRedis(time.now);
  const names = createNames('lab');
  const store = createMemoryBreakerStore();
  const queue = new SimQueue(time);
  const settled = new Map<string, Settlement>();
  const byId = new Map(arrivals.map((arrival) => [arrival.id, arrival]));
  const isBad = (id: string): boolean => byId.get(id)?.isBad ?? false;
  let goodLeft = arrivals.filter((arrival) => isGood(row, arrival)).length;
  const errors: Error[] = [];

  const primary = createSimFactory({ time, behave: course.behave, isBad });
  const factories = new Map([['primary' as FactoryName, primary]]);
  if (hasFallback)
    factories.set('fallback', createSimFactory({ time, behave: course.fallback ?? always(baked), isBad }));

  const ledger = new SimLedger({
    now: time.now,
    redis,
    names,
    onSettled({ id, state }) {
      const arrival = byId.get(id)!;
      const isFulfilled = state === 'fulfilled';
      settled.set(id, {
        afterMs: time.now() - time.startedAt - arrival.at,
        isFulfilled,
        isAtOnce: ingest.answer(id) && isFulfilled,
      });
      if (isGood(row, arrival)) goodLeft -= 1;
    },
  });
  const ingest = createSimIngest({ time, queue, store, factories: [...factories.keys()] });
  const tally = tallyBreaker(store, time);
  const fleet = { time, seed, workers, store, ledger, queue, redis, names, factories, canaryIntervalMs };
  for (let rank = 0; rank < workers; rank += 1)
    startSimWorker({ ...fleet, onError: (error) => void errors.push(error) }, rank);

  for (const { id, at } of arrivals) {
    time.at(time.startedAt + at, () => {
      ledger.accept(id, requestOf(id));
      ingest.take(id);
    });
  }
  await time.pass({
    until: time.startedAt + course.lengthMs + watchedMs,
    isOver: () => goodLeft === 0 || errors.length > 0,
  });
  if (errors[0]) throw errors[0];

  const good = arrivals.filter((arrival) => isGood(row, arrival));
  const orders = good.map(({ id }) => servedBy(settled.get(id)));
  return {
    orders,
    callsToDead: callsWithin(primary.calls, course.dead),
    calls: factories.values().reduce((sum, { calls }) => sum + calls.length, 0),
    arrivals: arrivals.length,
    badOnesDeadAfterMs: arrivals
      .filter((arrival) => !isGood(row, arrival) && arrival.at < course.lengthMs / 2)
      .map(({ id }) => settled.get(id)?.afterMs ?? Infinity),
    breaker: tally({ calls: primary.calls, ...(course.dead && { dead: course.dead }) }),
    callsTooEarly: primary.calls.filter(({ isTooEarly }) => isTooEarly).length,
    fullPaceMs: course.dead && fullPaceMs(good, orders, course.dead.until),
  };
}

function servedBy(settlement: Settlement | undefined): Served {
  if (settlement === undefined) return { delayMs: Infinity, isAtOnce: false, isDead: false };
  const { afterMs, isFulfilled, isAtOnce } = settlement;
  return { delayMs: isFulfilled ? afterMs : Infinity, isAtOnce, isDead: !isFulfilled };
}

export function callsWithin(
  calls: readonly { from: number }[],
  span: { from: number; until: number } | undefined,
) {
  return span === undefined ? 0 : calls.filter(({ from }) => from >= span.from && from < span.until).length;
}

/** Until no good order waits that came more than a second before, in ms since the mending. */
function fullPaceMs(good: readonly { at: number }[], orders: readonly Served[], mendedAt: number): number {
  const waits = good
    .map(({ at }, i) => ({ from: at + 1_000, until: at + orders[i]!.delayMs }))
    .filter(({ from, until }) => until > from && until > mendedAt)
    .toSorted((a, b) => a.from - b.from);
  let end = mendedAt;
  for (const { from, until } of waits) {
    if (from > end) break;
    end = Math.max(end, until);
  }
  return end - mendedAt;
}

function requestOf(id: string) {
  const items = [{ menuId: 1, description: 'Veggie', price: 0.05 }];
  return { diner: { id: 1 }, order: { id, franchiseId: 1, storeId: '1', items } };
}
