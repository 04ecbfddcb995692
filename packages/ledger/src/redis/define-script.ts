import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';

export type Script = (...keysAndArgs: (string | number)[]) => Promise<unknown>;

/**
 * Defines the script lua/<name>.lua on a connection; ioredis sends its hash and, where Redis does not know it yet,
 * its text. @param options.keys how many; without it each call says so first
 * @param options.before text that is put in front of it, after that of the clock (lua/redis-time.lua)
 */
export function defineScript(
  redis: Redis,
  name: string,
  options: { keys?: number; before?: string },
): Script {
  const command = commandName(name);
  const lua = [readLua('redis-time'), options.before ?? '', readLua(name)].join('\n');
  const { keys } = options;
  redis.defineCommand(command, { ...(keys !== undefined && { numberOfKeys: keys }), lua });
  const commands = redis as unknown as Record<string, Script>;
  return (...keysAndArgs) => commands[command]!(...keysAndArgs);
}

/** As the script is called on connections and pipelines. */
export function commandName(script: string): string {
  return `proofbox:${script}`;
}

/** The text of lua/<name>.lua. */
export function readLua(name: string): string {
  return readFileSync(new URL(`../lua/${name}.lua`, import.meta.url), 'utf8');
}
