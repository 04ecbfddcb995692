import type { FactoryName } from '@proofbox/contract';
import type { Redis } from 'ioredis';
import type { Names } from './names.ts';

/**
 * When this factory last fulfilled an order, by way of any worker (lua/settle.lua writes it).
 * @returns ms since the epoch; 0 for never
 */
export async function readLastFulfilledAt(
  { redis, names }: { redis: Redis; names: Names },
  factory: FactoryName,
): Promise<number> {
  return Number((await redis.hget(names.factory(factory), 'lastFulfilledAt')) ?? 0);
}
