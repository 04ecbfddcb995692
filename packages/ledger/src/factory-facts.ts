import type { FactoryName } from '@proofbox/contract';
import type { Redis } from 'ioredis';
import type { Names } from './names.ts';

/** What is known of a factory's good answers, by way of any worker (lua/settle.lua writes it). */
export type FactoryFacts = {
  /** When it last fulfilled an order, in ms since the epoch; 0 for never. */
  lastFulfilledAt: number;
  /** Moving average of how long its good answers took; absent before the first. */
  latencyMs?: number;
};

export async function readFactoryFacts(
  { redis, names }: { redis: Redis; names: Names },
  factory: FactoryName,
): Promise<FactoryFacts> {
  const [at, latencyMs] = await redis.hmget(names.factory(factory), 'lastFulfilledAt', 'latencyMs');
  return { lastFulfilledAt: Number(at ?? 0), ...(latencyMs && { latencyMs: Number(latencyMs) }) };
}
