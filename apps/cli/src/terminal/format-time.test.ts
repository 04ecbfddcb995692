import { expect, test } from 'vitest';
import { formatAge, formatDuration, formatTime } from './format-time.ts';

const now = Date.parse('2026-11-23T06:15:13.123Z');
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

test.each([
  [0, 'just now'],
  [999, 'just now'],
  [second, '1 s ago'],
  [59.9 * second, '59 s ago'],
  [3 * minute, '3 min ago'],
  [3 * minute + 5 * second, '3 min 5 s ago'],
  [10 * minute + 5 * second, '10 min ago'],
  [59.9 * minute, '59 min ago'],
  [2 * hour + 5 * minute, '2 h 5 min ago'],
  [47.9 * hour, '47 h ago'],
  [48 * hour, '2 days ago'],
])('what was %d ms ago is told as "%s"', (age, words) => {
  expect(formatAge(now - age, now)).toBe(words);
});

test('a time that is still to come is told as such', () => {
  expect(formatAge(now + 24 * hour, now)).toBe('in 24 h');
});

test('the exact time stands in front of the words', () => {
  expect(formatTime(now - 3 * minute, now)).toBe('2026-11-23T06:12:13.123Z (3 min ago)');
});

test.each([
  [21, '21 ms'],
  [999, '999 ms'],
  [2_049, '2.0 s'],
  [59_999, '59.9 s'],
  [72_000, '1 min 12 s'],
])('what took %d ms is told as "%s"', (ms, words) => {
  expect(formatDuration(ms)).toBe(words);
});
