import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Redis } from 'ioredis';

export type Script = (...keysAndArgs: (string | number)[]) => Promise<unknown>;

/**
 * Defines the script of a Lua file on a connection; ioredis sends its hash and, where Redis does not know it yet,
 * its text. @param options.keys how many; without it each call says so first
 * @param options.constants texts that the script knows by these names
 */
export function defineScript(
  redis: Redis,
  file: URL,
  { keys, constants = {} }: { keys?: number; constants?: Record<string, string> } = {},
): Script {
  const command = commandName(file);
  const known = Object.entries(constants).map(([name, text]) => `local ${name} = ${JSON.stringify(text)}`);
  const lua = [...known, readLua(file)].join('\n');
  redis.defineCommand(command, { ...(keys !== undefined && { numberOfKeys: keys }), lua });
  const commands = redis as unknown as Record<string, Script>;
  return (...keysAndArgs) => commands[command]!(...keysAndArgs);
}

/** As the script is called on connections and pipelines. */
export function commandName(file: URL): string {
  return `proofbox:${path.basename(file.pathname, '.lua')}`;
}

/** The text of a Lua file, after those of the files that it includes (`--- @include "./other.lua"`), each of them once. */
export function readLua(file: URL): string {
  return [...withIncluded(file).values()].join('\n');
}

/** By file: those that another one includes come first. */
function withIncluded(file: URL): Map<string, string> {
  const text = readFileSync(file, 'utf8');
  const included = [...text.matchAll(/^--- @include "(?<name>[^"]+)"$/gm)].flatMap(({ groups }) => [
    ...withIncluded(new URL(groups!['name']!, file)),
  ]);
  return new Map([...included, [file.href, text]]);
}
