import type { Redis } from 'ioredis';
import { commandName, defineScript } from '../../redis/define-script.ts';
import type { Names } from '../../redis/names.ts';

/** The ledger's scripts, each one multi-key change of one order that happens whole or not at all (<name>.lua). */
const scriptNames = [
  'accept',
  'restore',
  'begin-attempt',
  'keep-attempt',
  'reclaim',
  'reclaim-stale',
  'settle',
  'requeue',
  'dead-letter',
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
  const options = { keys: 1, constants: { settled_channel: names.settled } };
  const scripts = new Map(scriptNames.map((name) => [name, defineScript(redis, fileOf(name), options)]));
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
    const command = commandName(fileOf(name));
    for (const { key, args } of calls) scripts[command]!(key, ...args);
    return ((await pipeline.exec()) ?? []).map(([error, reply]) => {
      if (error) throw error;
      return reply;
    });
  };
}

function fileOf(name: OrderScript): URL {
  return new URL(`./${name}.lua`, import.meta.url);
}
