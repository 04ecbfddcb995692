import type { Redis } from 'ioredis';
import { readLua } from './lua-source.ts';

/** The ledger's scripts, each one multi-key change that happens whole or not at all (lua/<name>.lua). */
const scriptNames = [
  'accept',
  'begin-attempt',
  'reclaim',
  'settle',
  'requeue',
  'park',
  'replay',
  'discard',
] as const;
export type ScriptName = (typeof scriptNames)[number];

export type RunScript = (
  name: ScriptName,
  keys: [string, string],
  args: (string | number)[],
) => Promise<unknown>;

/** Defines the scripts on a connection; ioredis sends their hash and, where Redis does not know it yet, their text. */
export function loadScripts(redis: Redis): RunScript {
  const prelude = readLua('prelude');
  for (const name of scriptNames) {
    redis.defineCommand(commandName(name), { numberOfKeys: 2, lua: `${prelude}\n${readLua(name)}` });
  }
  return (name, keys, args) => {
    const command = (redis as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>)[
      commandName(name)
    ];
    return command!.call(redis, ...keys, ...args);
  };
}

function commandName(name: ScriptName): string {
  return `ledger:${name}`;
}
