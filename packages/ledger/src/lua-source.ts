import { readFileSync } from 'node:fs';

/** The text of lua/<name>.lua. */
export function readLua(name: string): string {
  return readFileSync(new URL(`lua/${name}.lua`, import.meta.url), 'utf8');
}
