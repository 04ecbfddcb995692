import type { Redis } from 'ioredis';
import { commandName, defineScript, readLua } from '../redis/define-script.ts';
import type { Names } from '../redis/names.ts';

/** The ledger's scripts, each one multi-key change of one order that happens whole or not at all (lua/<name>.lua). */
const scriptNames = [
  'accept',
  'restore',
  'begin-attempt',
  'keep-attempt',
  'reclaim',
  'reclaim-stale',
  'settle',
  'requeue',
  'park',
  'expire',
  'replay',
  'edit',
  'discard',
] as const;
export type OrderScript = (typeof scriptNames)[number];

type Call = { key: string; args: (string | number)[] };

/** @param key that of the order's record */
export type RunOrderScript = (name: OrderScript, key: string, args: Call['args']) => Promise<unknown>;

export function defineOrderScripts({ redis, names }: { redis: Redis; names: Names }): RunOrderScript {
  const before = [
    `local settled_channel = ${JSON.stringify(names.settled)}`,
    ...['audit-entry', 'dead-letter-places', 'prelude', 'attempts', 'bulk-turn'].map(readLua),
  ].join('\n');
  const scripts = new Map(scriptNames.map((name) => [name, defineScript(redis, name, { keys: 1, before })]));
  return (name, key, args) => scripts.get(name)!(key, ...args);
}

/**
 * The same script for many orders, in one go; each order is a change of its own.
 * @throws what the first one that failed says; others may have happened
 */
export function defineManyOrderScripts({
  redis,
  names,
}: {
  redis: Redis;
  names: Names;
}): (name: OrderScript, calls: Call[]) => Promise<unknown[]> {
  defineOrderScripts({ redis, names });
  return async (name, calls) => {
    if (calls.length === 0) return [];
    const pipeline = redis.pipeline();
    const scripts = pipeline as unknown as Record<string, (...keysAndArgs: (string | number)[]) => void>;
    for (const { key, args } of calls) scripts[commandName(name)]!(key, ...args);
    return ((await pipeline.exec()) ?? []).map(([error, reply]) => {
      if (error) throw error;
      return reply;
    });
  };
}
