import type { FactoryName } from '@proofbox/contract';
import type { Redis } from 'ioredis';
import type { Names } from '../redis/names.ts';

/** What is known of a factory's good answers, by way of any worker (settle.lua writes it). */
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
  const key = names.factory(factory);
  // It counts as any order that is sent there for the first time (attempts.lua): an idle factory may see no other good one.
  const [failing] = await redis.hmget(key, 'failing');
  await redis.hset(key, {
    bakedAt: at,
    bakedId: canaryId,
    canaryBakedAt: at,
    failing: (0.95 * Number(failing ?? 0)).toFixed(4),
  });
}
