import { beforeAll, expect, inject, test } from 'vitest';
import { writtenPages } from './pages.ts';
import { filesAt, textOf } from './repository.ts';

let pages: Map<string, string>;
beforeAll(async () => {
  pages = await writtenPages(inject('redisUrl'));
});

test('every page that is written from the code says what the code says now', () => {
  const stale = [...pages].filter(([file, text]) => filesAt(file).length === 0 || textOf(file) !== text);
  expect(stale.map(([file]) => `${file} is stale: run \`npm run docs\``)).toEqual([]);
});

test('the reference has no page that nothing writes any more', () => {
  expect(filesAt('docs/reference/*').filter((file) => !pages.has(file))).toEqual([]);
});
