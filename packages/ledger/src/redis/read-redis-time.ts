import type { Redis } from 'ioredis';

/** What Redis' own clock says, in ms since the epoch. */
export async function readRedisTime(redis: Pick<Redis, 'time'>): Promise<number> {
  const [seconds, microseconds] = await redis.time();
  return Number(seconds) * 1_000 + Number(microseconds) / 1_000;
}
