import type { Redis } from 'ioredis';
import { defineScript } from '../redis/define-script.ts';
import type { Names } from '../redis/names.ts';
import { whatToAllow } from './unfit-reason.ts';

/** How long an answer without a refusal holds on one connection. */
const holdsMs = 30_000;

/**
 * Finds out whether Redis lets us do what Proofbox and BullMQ do, before an order finds it out half-way
 * (access-check.lua).
 * @returns asks, where the last answer does not hold any more, and gives a sentence where something is refused.
 * It throws what Redis says where it refuses scripts, or our keys, as a whole
 */
export function createAccessCheck({ redis, names }: { redis: Redis; names: Names }): () => Promise<string[]> {
  const script = defineScript(redis, new URL('./access-check.lua', import.meta.url), { keys: 1 });
  let allowedUntil = -Infinity;
  redis.on('close', () => (allowedUntil = -Infinity));

  return async () => {
    if (performance.now() < allowedUntil) return [];
    const refused = (await script(names.accessCheck, names.accessChecked)) as string[];
    if (refused.length === 0) allowedUntil = performance.now() + holdsMs;
    return refused.length === 0 ? [] : [`Redis refuses us ${refused.join(', ')}: ${whatToAllow}`];
  };
}
