import type { FactoryName } from '@proofbox/contract';
import type { Redis } from 'ioredis';
import type { Names } from '../redis/names.ts';

/**
 * Asks for the one canary order that this factory gets per `intervalMs` for this purpose, whichever workers come and go:
 * to see whether it bakes, or as a witness against an order that it refuses.
 * @returns whether the caller may send it
 */
export async function takeCanaryLease(input: {
  redis: Redis;
  names: Names;
  factory: FactoryName;
  purpose: 'look' | 'witness';
  intervalMs: number;
}): Promise<boolean> {
  const { redis, names, factory, purpose, intervalMs } = input;
  return (await redis.set(names.canaryLease(factory, purpose), '1', 'PX', intervalMs, 'NX')) !== null;
}
