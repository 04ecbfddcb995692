import type { Redis } from 'ioredis';
import type { Ledger } from './ledger.ts';
import type { Names } from './names.ts';
import type { OrderQueue } from './order-queue.ts';

const sliceSize = 500;

/**
 * Adds the jobs that are missing: an ingest died between ledger and queue, or the queue was lost. One process of
 * the fleet does it per `leaseMs`; the others return at once with undefined.
 * @param graceMs an order younger than this may still be on its way into the queue
 * @returns the orders that got their job back
 */
export async function requeueOrphans(input: {
  redis: Redis;
  names: Names;
  ledger: Ledger;
  queue: OrderQueue;
  graceMs: number;
  leaseMs: number;
  now?: number;
}): Promise<string[] | undefined> {
  const { redis, names, ledger, queue, now = Date.now() } = input;
  const leader = await redis.set(names.requeueLease, '1', 'PX', input.leaseMs, 'NX');
  if (leader === null) return undefined;
  const mended: string[] = [];
  for (const state of ['queued', 'baking'] as const) {
    for (let offset = 0; ; offset += sliceSize) {
      const slice = await ledger.pendingIds(state, offset, sliceSize);
      const old = slice.filter((each) => each.acceptedAt <= now - input.graceMs).map((each) => each.id);
      for (const id of await queue.missing(old)) {
        await queue.add(id);
        mended.push(id);
      }
      if (slice.length < sliceSize) break;
    }
  }
  return mended;
}
