import type { Redis } from 'ioredis';
import type { Names } from '../redis/names.ts';
import type { OrderQueue } from '../queue/order-queue.ts';
import { readRedisTime } from '../redis/read-redis-time.ts';

/** No order waits longer for its next attempt, unless a factory says so: the ledger knows which (`dueAt`). */
const longestDelayMs = 70_000;
/** A worker whose clock is behind by more does not see in time that a job is due. */
const littleSkewMs = 2_000;
const mostAtOnce = 1_000;

/**
 * Looks for jobs that a wrong clock delays: BullMQ's delays go by the clocks of those who set them and of those who take
 * jobs. One that was to wait for a moment may wait for a day; its order says when it is really due, by Redis' clock.
 * @param input.wall this machine's clock @returns orders whose jobs waited too long; with `mend` they wait no more
 */
export function createDelayCheck({
  redis,
  names,
  queue,
  now,
  wall = Date.now,
}: {
  redis: Redis;
  names: Names;
  queue: OrderQueue;
  now?: () => number;
  wall?: () => number;
}) {
  async function delayedBetween(from: number | undefined, to: number | undefined): Promise<string[]> {
    const [low, high] = [from, to].map((at) => at !== undefined && String(Math.floor(at) * scoreOfMs));
    const range = [low || '-inf', high || '+inf'] as const;
    return redis.zrange(names.job('delayed'), ...range, 'BYSCORE', 'LIMIT', 0, mostAtOnce);
  }

  async function isDue(id: string, at: number): Promise<boolean> {
    const dueAt = await redis.hget(names.order(id), 'dueAt');
    return dueAt === null || Number(dueAt) <= at;
  }

  return async function checkDelays({ mend }: { mend: boolean }): Promise<string[]> {
    const at = now?.() ?? (await readRedisTime(redis));
    const tooLate = await delayedBetween(at + longestDelayMs, undefined);
    const isBehind = wall() < at - littleSkewMs;
    const unseen = isBehind ? await delayedBetween(undefined, at - littleSkewMs) : [];
    const found: string[] = [];
    for (const id of [...tooLate, ...unseen]) if (await isDue(id, at)) found.push(id);
    if (mend) await queue.promote(found);
    return found;
  };
}

/** BullMQ keeps 12 bits beside the time. */
const scoreOfMs = 0x1000;
