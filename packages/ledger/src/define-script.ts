import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';

export type Script = (...keysAndArgs: (string | number)[]) => Promise<unknown>;

/**
 * Defines the script lua/<name>.lua on a connection; ioredis sends its hash and, where Redis does not know it yet,
 * its text. @param before text that is put in front of it
 */
export function defineScript(redis: Redis, name: string, options: { keys: number; before?: string }): Script {
  const command = `proofbox:${name}`;
  const lua = `${options.before ?? ''}\n${readLua(name)}`;
  redis.defineCommand(command, { numberOfKeys: options.keys, lua });
  const commands = redis as unknown as Record<string, Script>;
  return (...keysAndArgs) => commands[command]!(...keysAndArgs);
}

/** The text of lua/<name>.lua. */
export function readLua(name: string): string {
  return readFileSync(new URL(`lua/${name}.lua`, import.meta.url), 'utf8');
}
