import type { Redis } from 'ioredis';
import { defineScript, readLua } from './define-script.ts';

/** The ledger's scripts, each one multi-key change of one order that happens whole or not at all (lua/<name>.lua). */
const scriptNames = [
  'accept',
  'begin-attempt',
  'reclaim',
  'reclaim-stale',
  'settle',
  'requeue',
  'park',
  'replay',
  'discard',
] as const;
export type OrderScript = (typeof scriptNames)[number];

export type RunOrderScript = (
  name: OrderScript,
  keys: [order: string, attempts: string],
  args: (string | number)[],
) => Promise<unknown>;

export function defineOrderScripts(redis: Redis): RunOrderScript {
  const before = readLua('prelude');
  const scripts = new Map(scriptNames.map((name) => [name, defineScript(redis, name, { keys: 2, before })]));
  return (name, keys, args) => scripts.get(name)!(...keys, ...args);
}
