import { setTimeout as pause } from 'node:timers/promises';
import type { RedisWatch } from '@proofbox/ledger';
import { every } from '@proofbox/runtime';
import { conflict, giveBatch, type BatchTaker, type Spool, type SpooledOrder } from '@proofbox/outbox';
import type { Events } from '../telemetry/events.ts';

export type FlushOptions = BatchTaker & { spool: Spool; watch: RedisWatch; events: Events };

const lookEveryMs = 250;
const adoptEveryMs = 10_000;
/** New orders come first: the flush takes small bites and leaves Redis some time in between. */
const batchSize = 100;
const restMs = 20;

/**
 * Gives the orders of the spool to Redis whenever it takes orders, oldest first.
 */
export function flushSpool(options: FlushOptions): AsyncDisposable {
  const { spool, watch, events } = options;
  const stopping = new AbortController();
  let adoptedAt = -Infinity;

  function adopt(): void {
    if (performance.now() - adoptedAt < adoptEveryMs) return;
    adoptedAt = performance.now();
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
  const { spool, events } = options;
  const { flushed, parked, failures } = await giveBatch(spool, options, batch);
  for (const order of parked) events.parked(order.id, conflict);
  if (flushed.length > 0) events.flushed(flushed.length, spool.orders);
  for (const failure of failures) events.flushFailed(failure);
  return flushed.length + parked.length > 0;
}
