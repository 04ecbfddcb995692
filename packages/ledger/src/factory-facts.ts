import type { FactoryName } from '@proofbox/contract';
import type { Redis } from 'ioredis';
import type { Names } from './names.ts';

/** What is known of a factory's good answers, by way of any worker (lua/settle.lua writes it). */
export type FactoryFacts = {
  /** When it last fulfilled an order, in ms since the epoch; 0 for never. */
  lastFulfilledAt: number;
  /** Moving average of how long its good answers took; absent before the first. */
  latencyMs?: number;
  /** It has baked a canary before: one that it refuses now says something. */
  knowsCanaries: boolean;
};

export async function readFactoryFacts(
  { redis, names }: { redis: Redis; names: Names },
  factory: FactoryName,
): Promise<FactoryFacts> {
  const [at, latencyMs, canaryAt] = await redis.hmget(
    names.factory(factory),
    'lastFulfilledAt',
    'latencyMs',
    'canaryBakedAt',
  );
  return {
    lastFulfilledAt: Number(at ?? 0),
    ...(latencyMs && { latencyMs: Number(latencyMs) }),
    knowsCanaries: canaryAt !== null,
  };
}

/** A canary was baked: whatever else the factory refuses or fails now, it bakes. @param input.at ms since the epoch */
export async function noteCanaryBaked(
  { redis, names }: { redis: Redis; names: Names },
  { factory, canaryId, at }: { factory: FactoryName; canaryId: string; at: number },
): Promise<void> {
  await redis.hset(names.factory(factory), { bakedAt: at, bakedId: canaryId, canaryBakedAt: at });
}
