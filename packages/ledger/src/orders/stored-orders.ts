import type { Redis } from 'ioredis';
import type { Names } from '../redis/names.ts';

/** What is stored of these orders, as it lies in Redis, in this order; one that is not there is left out. */
export async function readStoredOrders(
  { redis, names }: { redis: Redis; names: Names },
  ids: string[],
): Promise<Record<string, string>[]> {
  if (ids.length === 0) return [];
  const pipeline = redis.pipeline();
  for (const id of ids) pipeline.hgetall(names.order(id));
  const replies = ((await pipeline.exec()) ?? []).map(([error, value]) => {
    if (error) throw error;
    return value as Record<string, string>;
  });
  return ids.flatMap((id, i) => {
    const hash = replies[i]!;
    return Object.keys(hash).length === 0 ? [] : [{ ...hash, id }];
  });
}
