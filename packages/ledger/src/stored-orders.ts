import type { Redis } from 'ioredis';
import type { Names } from './names.ts';

/** An order as it lies in Redis: its hash, and its attempts as JSON. */
export type StoredOrder = { id: string; hash: Record<string, string>; attempts: string[] };

/** What is stored of these orders, in this order; one that is not there is left out. */
export async function readStoredOrders(
  { redis, names }: { redis: Redis; names: Names },
  ids: string[],
): Promise<StoredOrder[]> {
  if (ids.length === 0) return [];
  const pipeline = redis.pipeline();
  for (const id of ids) pipeline.hgetall(names.order(id)).lrange(names.attempts(id), 0, -1);
  const replies = ((await pipeline.exec()) ?? []).map(([error, value]) => {
    if (error) throw error;
    return value;
  });
  return ids.flatMap((id, i) => {
    const hash = replies[2 * i] as Record<string, string>;
    if (Object.keys(hash).length === 0) return [];
    return [{ id, hash: { ...hash, id }, attempts: replies[2 * i + 1] as string[] }];
  });
}
