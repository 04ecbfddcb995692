import type { Redis } from 'ioredis';
import type { Names } from '../redis/names.ts';

/** Which of these orders have be settled. */
export async function settledAmong(
  { redis, names }: { redis: Redis; names: Names },
  ids: readonly string[],
): Promise<string[]> {
  const pipeline = redis.pipeline();
  for (const id of ids) pipeline.hget(names.order(id), 'state');
  const replies = (await pipeline.exec()) ?? [];
  return ids.filter((_id, i) => {
    const [error, state] = replies[i]!;
    if (error) throw error;
    return state !== null && state !== 'queued' && state !== 'baking';
  });
}
