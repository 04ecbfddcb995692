import type { FactoryName } from '@proofbox/contract';
import type { Redis } from 'ioredis';
import type { Names } from './names.ts';

/**
 * Asks for the one canary order that this factory gets per `intervalMs`, whichever workers come and go.
 * @returns whether the caller may send it
 */
export async function takeCanaryTurn(input: {
  redis: Redis;
  names: Names;
  factory: FactoryName;
  intervalMs: number;
}): Promise<boolean> {
  const { redis, names, factory, intervalMs } = input;
  return (await redis.set(names.canaryTurn(factory), '1', 'PX', intervalMs, 'NX')) !== null;
}
