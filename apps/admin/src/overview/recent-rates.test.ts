import { expect, test } from 'vitest';
import { RecentRates, type Rates } from './recent-rates.ts';

const start = 1_000_000;

/** Readings of a shop at these moments, in seconds; 5 orders a second come, 8 are baked, 1 becomes a dead letter. */
function watched(rates: RecentRates, seconds: number[]): Rates {
  const read = (s: number) =>
    rates.add({ at: start + s * 1_000, accepted: 5 * s, fulfilled: 8 * s, backlog: 1_000 - 4 * s });
  return seconds.map(read).at(-1)!;
}

const steady = { accepted: 5, fulfilled: 8, shrinking: 4 };

test('rates are those of the last ten seconds', () => {
  const rates = new RecentRates();
  expect(watched(rates, [0])).toEqual({ accepted: 0, fulfilled: 0, shrinking: 0 });
  expect(watched(rates, [1, 2, 3])).toEqual(steady);
  const rush = rates.add({ at: start + 4_000, accepted: 115, fulfilled: 32, backlog: 1_084 });
  expect(rush).toEqual({ accepted: 28.75, fulfilled: 8, shrinking: -21 });
  const after = [5, 10, 14, 15].map((s) =>
    rates.add({ at: start + s * 1_000, accepted: 115, fulfilled: 32, backlog: 1_084 }),
  );
  expect(after.at(-1)).toEqual({ accepted: 0, fulfilled: 0, shrinking: 0 });
});

test('what was seen minutes ago, when somebody looked last, is no base', () => {
  const rates = new RecentRates();
  watched(rates, [0, 1]);
  expect(rates.isEmptyAt(start + 2_000)).toBe(false);
  expect(rates.isEmptyAt(start + 600_000)).toBe(true);
  const now = rates.add({ at: start + 600_000, accepted: 100, fulfilled: 100, backlog: 0 });
  expect(now).toEqual({ accepted: 0, fulfilled: 0, shrinking: 0 });
});

test('a Redis that lost its data, and a clock that was turned back, make no rates below 0', () => {
  const rates = new RecentRates();
  watched(rates, [0, 1, 2]);
  const lost = rates.add({ at: start + 3_000, accepted: 0, fulfilled: 0, backlog: 0 });
  expect(lost).toEqual({ accepted: 0, fulfilled: 0, shrinking: 0 });
  const back = rates.add({ at: start, accepted: 3, fulfilled: 0, backlog: 0 });
  expect(back).toEqual({ accepted: 0, fulfilled: 0, shrinking: 0 });
});
