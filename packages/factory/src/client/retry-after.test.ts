import { expect, test } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const now = Date.parse('2026-01-01T00:00:00Z');

test.for<[string | string[] | undefined, number]>([
  ['7', 7_000],
  ['1.5', 1_500],
  ['0', 1_000],
  ['86400', 60_000],
  ['99999999999999999999', 60_000],
  ['1e3', 1_000],
  ['-5', 1_000],
  ['soon', 1_000],
  ['2099', 60_000],
  ['in May 2099', 1_000],
  ['', 1_000],
  [undefined, 1_000],
  [['3', '9'], 3_000],
  ['Thu, 01 Jan 2026 00:00:10 GMT', 10_000],
  ['Thursday, 01-Jan-26 00:00:10 GMT', 10_000],
  ['Thu Jan  1 00:00:10 2026', 10_000],
  ['Wed, 31 Dec 2025 23:59:00 GMT', 1_000],
  ['Thu, 01 Jan 2099 00:00:00 GMT', 60_000],
])('%s waits %i ms', ([header, expected]) => {
  expect(retryAfterMs({ 'retry-after': header }, now)).toBe(expected);
});

test('a date counts from the date of the factory, whose clock may be an hour ahead of ours', () => {
  const headers = {
    'retry-after': 'Thu, 01 Jan 2026 01:00:10 GMT',
    date: 'Thu, 01 Jan 2026 01:00:00 GMT',
  };
  expect(retryAfterMs(headers, now)).toBe(10_000);
  expect(retryAfterMs({ ...headers, date: 'today' }, now)).toBe(60_000);
});
