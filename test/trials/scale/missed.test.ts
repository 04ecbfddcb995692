import { expect, test } from 'vitest';
import { missedIn } from './missed.ts';
import type { ScaleResult } from './run-scale.ts';

const quick = { p50: 1, p99: 2, max: 3 };
const bulk = {
  rate: 2_000,
  mean: 1_950,
  perSecond: [1_950],
  lowest: 1_950,
  highest: 1_950,
  inQueue: 5,
  saidMoved: 5,
  counted: 5,
};
const fine: ScaleResult = {
  orders: 1_000,
  bytesPerOrder: 3_000,
  ping: quick,
  searches: [],
  pages: [{ name: 'held', page: quick, found: 50 }],
  details: quick,
  shop: { alone: quick, searched: quick, p50Ratio: 1, p99Ratio: 1, searches: 9 },
  bulks: [bulk],
  reading: { page: quick, exportedBytes: 1, eventBytes: 1 },
  memory: {
    searching: { first: 100, last: 100, max: 100 },
    bulk: { first: 100, last: 100, max: 100 },
    reading: { first: 100, last: 100, max: 100 },
  },
};

test('a run that keeps every figure misses none', () => {
  expect(missedIn(fine)).toEqual([]);
});

test.each<[string, Partial<ScaleResult>, RegExp]>([
  ['page', { pages: [{ name: 'held', page: { ...quick, p99: 50.1 }, found: 50 }] }, /"held".* 50\.1 ms/],
  ['story of an order', { details: { ...quick, p99: 51 } }, /an order at the API/],
  ['rate that is too low', { bulks: [bulk, { ...bulk, mean: 1_899 }] }, /1899 a second/],
  ['rate that is too high', { bulks: [{ ...bulk, mean: 2_101 }] }, /2101 a second/],
  ['replay without a job', { bulks: [bulk, { ...bulk, inQueue: 4 }] }, /the books/],
  ['memory', { memory: { ...fine.memory, bulk: { first: 100, last: 100, max: 401 } } }, /401 MB/],
])('a %s that misses its figure is named', (_what, change, words) => {
  expect(missedIn({ ...fine, ...change })).toEqual([expect.stringMatching(words)]);
});
