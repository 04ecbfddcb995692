import { expect, test } from 'vitest';
import { duration, roughDuration } from './duration.ts';
import { toLocalInput } from './local-input.ts';
import { ago, localTime } from './moment.ts';
import { count, countOf, money, rate, shortCount } from './number.ts';

test.each([
  [0, '0 ms'],
  [840, '840 ms'],
  [1_000, '1 s'],
  [2_340, '2.3 s'],
  [45_400, '45 s'],
  [59_900, '1 min'],
  [200_000, '3 min 20 s'],
  [7_500_000, '2 h 5 min'],
  [345_600_000, '4 d'],
  [3_600_000 + 5_000, '1 h'],
])('%i ms last %s', (ms, label) => {
  expect(duration(ms)).toBe(label);
});

test.each([
  [400, '0 s'],
  [59_999, '59 s'],
  [180_500, '3 min'],
  [7_500_000, '2 h'],
])('%i ms last roughly %s', (ms, label) => {
  expect(roughDuration(ms)).toBe(label);
});

test('numbers are grouped, and one order is no orders', () => {
  expect(count(1_204_000)).toBe('1,204,000');
  expect(shortCount(1_204_000)).toBe('1.2M');
  expect([countOf(1, 'order'), countOf(1_204, 'order')]).toEqual(['1 order', '1,204 orders']);
  expect([money(0.05), money(0.0038), money(12)]).toEqual(['0.05', '0.0038', '12.00']);
});

test('a rate is as exact as it is worth', () => {
  expect([0, 0.044, 2.34, 99.96, 1_204.4].map(rate)).toEqual(['0', '0.04', '2.3', '100', '1,204']);
});

test('an age knows the past, the future and clocks that differ a little', () => {
  const now = Date.parse('2026-11-23T12:00:00Z');
  expect(ago(now - 180_000, now)).toBe('3 min ago');
  expect(ago(now + 20_000, now)).toBe('in 20 s');
  expect(ago(now + 2_000, now)).toBe('just now');
});

test('a time names its day and year only where they are not those of now', () => {
  const now = Date.parse('2026-11-23T12:00:00Z');
  const formatted = (at: string) => localTime(Date.parse(at), now, 'UTC');
  expect(formatted('2026-11-23T09:05:07Z')).toBe('09:05:07');
  expect(formatted('2026-11-22T09:05:07Z')).toBe('22 Nov, 09:05:07');
  expect(formatted('2025-11-22T09:05:07Z')).toBe('22 Nov 2025, 09:05:07');
  expect(localTime(Date.parse('2026-11-23T01:00:00Z'), now, 'America/Denver')).toBe('22 Nov, 18:00:00');
});

test('a moment survives its way through an input of local time', () => {
  const local = toLocalInput('2026-11-23T12:34:00.000Z');
  expect(new Date(local).toISOString()).toBe('2026-11-23T12:34:00.000Z');
  expect(toLocalInput(undefined)).toBe('');
});
