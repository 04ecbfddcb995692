import { expect, test } from 'vitest';
import { backOffMs, repeatDelayMs } from './back-off.ts';

test.for([
  [1, 1_000],
  [2, 2_000],
  [3, 4_000],
  [6, 32_000],
  [7, 60_000],
  [8, 60_000],
  [5_000, 60_000],
])('a back-off in round %i is anywhere up to %i ms', ([round, ceiling]) => {
  expect(backOffMs(round!, () => 0)).toBe(0);
  expect(backOffMs(round!, () => 0.5)).toBe(ceiling! / 2);
  expect(backOffMs(round!, () => 0.999_999)).toBeLessThan(ceiling!);
});

test.for([
  [1, 1_000],
  [3, 4_000],
  [4, 8_000],
  [12, 8_000],
  [13, 60_000],
])('where the factory bakes others, in round %i, anywhere up to %i ms', ([round, ceiling]) => {
  expect(backOffMs(round!, () => 0.5, { othersBake: true })).toBe(ceiling! / 2);
});

test.for([
  [1, 25, 50],
  [2, 50, 100],
  [3, 100, 200],
  [5, 400, 800],
  [6, 400, 800],
  [5_000, 400, 800],
])('a repeat within the wait of the diner, in round %i, comes after %i to %i ms', ([round, from, to]) => {
  expect(repeatDelayMs(round!, () => 0)).toBe(from);
  expect(repeatDelayMs(round!, () => 0.999_999)).toBe(to);
});
