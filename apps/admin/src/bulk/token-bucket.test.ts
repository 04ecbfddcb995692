import { expect, test } from 'vitest';
import { createTokenBucket } from './token-bucket.ts';

/** Takes what is due at each tick. */
function takenIn(
  seconds: number,
  { perSecond, tickMs }: { perSecond: number; tickMs: (n: number) => number },
) {
  let now = 0;
  const bucket = createTokenBucket({ perSecond, now: () => now });
  let taken = 0;
  for (let n = 0; now < seconds * 1_000; n += 1) {
    taken += bucket.take(10_000);
    now += tickMs(n);
  }
  return taken;
}

test.each([1, 7, 200, 5_000])('%d a second, whatever the ticks are like', (perSecond) => {
  for (const tickMs of [() => 10, () => 333, (n: number) => (n % 7 === 0 ? 900 : 13)]) {
    const taken = takenIn(100, { perSecond, tickMs });
    expect(Math.abs(taken / 100 - perSecond) / perSecond).toBeLessThan(0.02);
  }
});

test('what was missed in a long pause is not made good, but for a second of it', () => {
  let now = 0;
  const bucket = createTokenBucket({ perSecond: 100, now: () => now });
  now = 60_000;
  expect(bucket.take(10_000)).toBe(101);
  expect(bucket.take(10_000)).toBe(0);
  expect(bucket.msUntil(10)).toBe(100);
});
