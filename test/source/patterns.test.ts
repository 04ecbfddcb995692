import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { patternsIn } from './patterns-in.ts';
import { patternsMadeBy } from './patterns-made-by.ts';
import { pumpOf } from './pump.ts';

const repositoryRoot = path.join(import.meta.dirname, '../..');

const shipped = globSync('{apps,packages,infra}/**/*.{ts,tsx,mjs}', {
  cwd: repositoryRoot,
  exclude: ['**/node_modules', '**/dist', '**/*.test.{ts,tsx}'],
});

// The linter looks at each match alone; this looks at all matches in a text.
/** @guarantee G9 */
test('no pattern of ours takes more than linear time, whatever text it is given', async () => {
  const slow: string[] = [];
  for (const file of shipped) {
    const whole = path.join(repositoryRoot, file);
    const { literals, madeOfParts } = patternsIn(file, readFileSync(whole, 'utf8'));
    const made = madeOfParts === 0 ? [] : await patternsMadeBy(whole);
    // One that is made later cannot be looked at.
    expect([file, made.length >= madeOfParts]).toEqual([file, true]);
    for (const each of [...literals, ...made]) {
      const pump = pumpOf(each);
      if (pump !== undefined)
        slow.push(`${file}: /${each.pattern}/${each.flags} for ${JSON.stringify(pump)}…`);
    }
  }
  expect(slow).toEqual([]);
});

test.for([
  ['tries each place of a long run', '\\.?0+$', ''],
  ['can go two ways at each step', '^(?:a|a)+$', ''],
  ['looks far ahead of each match', '[^\\s,;="]+(?:[^,"]|"(?:[^"\\\\]|\\\\.)*")*', 'g'],
] as const)('a slow pattern is found: one that %s', ([, pattern, flags]) => {
  expect(pumpOf({ pattern, flags })).toEqual(expect.any(String));
});
