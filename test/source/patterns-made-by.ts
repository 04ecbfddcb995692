import { pathToFileURL } from 'node:url';
import type { Patterns } from './patterns-in.ts';

/** The patterns that a module puts together of parts when it is loaded. @param file its path */
export async function patternsMadeBy(file: string): Promise<Patterns['literals']> {
  const { href } = pathToFileURL(file);
  // What it imports is loaded by then, and makes no patterns of its own any more.
  await import(href);
  const made: Patterns['literals'] = [];
  const original = globalThis.RegExp;
  globalThis.RegExp = new Proxy(original, {
    construct(target, [pattern, flags = '']: [string, string?]) {
      made.push({ pattern, flags });
      return new target(pattern, flags);
    },
  });
  try {
    await import(`${href}?again`);
  } finally {
    globalThis.RegExp = original;
  }
  return made;
}
