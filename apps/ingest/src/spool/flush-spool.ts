import { setTimeout as pause } from 'node:timers/promises';
import type { Accepted, Ledger, OrderQueue, RedisWatch, Replicas } from '@proofbox/ledger';
import { every } from '@proofbox/runtime';
import type { Events } from '../events.ts';
import type { SpooledOrder } from './spool-file.ts';
import type { Spool } from './spool.ts';

export type FlushOptions = {
  spool: Spool;
  watch: RedisWatch;
  ledger: Ledger;
  queue: OrderQueue;
  replicas: Replicas;
  events: Events;
};

const lookEveryMs = 250;
const adoptEveryMs = 10_000;
/** New orders come first: the flush takes small bites and leaves Redis some time in between. */
const batchSize = 100;
const restMs = 20;

/**
 * Gives the orders of the spool to Redis whenever it takes orders: oldest first, the ledger first and the queue second,
 * and takes them out of the spool once Redis has them. Whatever is done twice is done once in the ledger.
 */
export function flushSpool(options: FlushOptions): AsyncDisposable {
  const { spool, watch, events } = options;
  const stopping = new AbortController();
  let adoptedAt = -Infinity;

  function adopt(): void {
    if (Date.now() - adoptedAt < adoptEveryMs) return;
    adoptedAt = Date.now();
    const adopted = spool.adopt();
    if (adopted > 0) events.adopted(adopted);
  }

  async function flushAll(): Promise<void> {
    adopt();
    while (!stopping.signal.aborted && watch.condition.state === 'fit') {
      const batch = spool.oldest(batchSize);
      if (batch.length === 0) return;
      if (!(await flushBatch(options, batch))) return;
      await pause(restMs);
    }
  }

  const loop = every(lookEveryMs, flushAll, (error) => events.flushFailed(error));
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await loop[Symbol.asyncDispose]();
    },
  };
}

/** @returns whether any order of it has left the spool */
async function flushBatch(options: FlushOptions, batch: SpooledOrder[]): Promise<boolean> {
  const { spool, watch, queue, replicas, events } = options;
  const verdicts = await watch.ask(() => Promise.allSettled(batch.map((order) => offer(options, order))));
  await watch.ask(() => replicas.confirm());
  const withVerdict = (...wanted: Accepted['verdict'][]): SpooledOrder[] =>
    batch.filter((_order, i) => {
      const outcome = verdicts[i];
      return outcome?.status === 'fulfilled' && wanted.includes(outcome.value.verdict);
    });
  const flushed = withVerdict('accepted', 'existing');
  const parked = withVerdict('conflict');
  await watch.ask(() => Promise.all(flushed.map(({ id }) => queue.add(id))));
  spool.settle({ flushed, parked, why: conflict });
  for (const order of parked) events.parked(order.id, conflict);
  if (flushed.length > 0) events.flushed(flushed.length, spool.orders);
  for (const outcome of verdicts) if (outcome.status === 'rejected') events.flushFailed(outcome.reason);
  return flushed.length + parked.length > 0;
}

/** Without its double click: the diner holds a ticket of this very order, which must not become another one's. */
function offer({ ledger }: FlushOptions, { doubleClick: _click, ...order }: SpooledOrder): Promise<Accepted> {
  return ledger.accept(order);
}

const conflict = 'another order with its Idempotency-Key was taken first, at another ingest';
