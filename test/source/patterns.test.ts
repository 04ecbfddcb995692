import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { patternsIn } from './patterns-in.ts';
import { pumpOf } from './pump.ts';

const repositoryRoot = path.join(import.meta.dirname, '../..');

const shipped = globSync('{apps,packages,infra}/**/*.{ts,tsx,mjs}', {
  cwd: repositoryRoot,
  exclude: ['**/node_modules', '**/dist', '**/*.test.{ts,tsx}'],
}).map((file) => ({ file, ...patternsIn(file, readFileSync(path.join(repositoryRoot, file), 'utf8')) }));

// The linter looks at each match alone; this looks at all matches in a text.
test('no pattern of ours takes more than linear time, whatever text it is given', () => {
  const slow = shipped.flatMap(({ file, literals }) =>
    literals.flatMap((literal) => {
      const pump = pumpOf(literal);
      return pump === undefined
        ? []
        : [`${file}: /${literal.pattern}/${literal.flags} for ${JSON.stringify(pump)}…`];
    }),
  );
  expect(slow).toEqual([]);
});

test('every pattern of ours stands in the source, where it can be looked at', () => {
  expect(shipped.filter(({ madeAtRunTime }) => madeAtRunTime > 0).map(({ file }) => file)).toEqual([]);
});

test.for([
  ['tries each place of a long run', '\\.?0+$', ''],
  ['can go two ways at each step', '^(?:a|a)+$', ''],
  ['looks far ahead of each match', '[^\\s,;="]+(?:[^,"]|"(?:[^"\\\\]|\\\\.)*")*', 'g'],
] as const)('a slow pattern is found: one that %s', ([, pattern, flags]) => {
  expect(pumpOf({ pattern, flags })).toEqual(expect.any(String));
});
