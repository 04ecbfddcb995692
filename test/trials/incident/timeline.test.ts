import { expect, test } from 'vitest';
import { clockTime, closingMinute, deadSpans, moments, startClock } from './timeline.ts';

test('the factory is dead from 18:50 to 19:20, and once more after the fix', () => {
  const inWords = deadSpans.map(({ from, to }) => `${clockTime(from)}-${clockTime(to)}`);
  expect(inWords).toEqual(['18:50-19:20', '19:22-19:24']);
});

test('the moments are in order, from 18:45 to 19:35', () => {
  const minutes = moments.map(({ minute }) => minute);
  expect(minutes).toEqual(minutes.toSorted((a, b) => a - b));
  expect([clockTime(minutes[0]!), clockTime(closingMinute)]).toEqual(['18:45', '19:35']);
});

test('a minute takes a second when it is replayed sixty times as fast', () => {
  const clock = startClock(60, 1_000_000);
  expect(clock.wallTime(5)).toBe(1_005_000);
  expect(clock.minute(1_005_000)).toBe(5);
});

test('the clock goes on after midnight', () => {
  expect(clockTime(5 * 60 + 20)).toBe('00:05');
});
