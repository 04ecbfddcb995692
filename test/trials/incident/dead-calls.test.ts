import { expect, test } from 'vitest';
import { mostProbesTogether } from './dead-calls.ts';

const outages = [
  { brokeAt: 0, mendedAt: 30_000 },
  { brokeAt: 32_000, mendedAt: 34_000 },
];

test('the calls that opened the breaker are no probes', () => {
  expect(mostProbesTogether([100, 300, 500], outages)).toBe(0);
  expect(mostProbesTogether([100, 300, 500, 32_100, 32_110, 32_120, 32_130], outages)).toBe(0);
});

test('one probe after each open time is one at a time', () => {
  expect(mostProbesTogether([100, 300, 500, 5_600, 16_000, 32_500], outages)).toBe(1);
});

test('two probes after one open time are seen', () => {
  expect(mostProbesTogether([100, 300, 500, 5_600, 5_700, 16_000], outages)).toBe(2);
});

test('a factory that nobody called was sent no probe', () => {
  expect(mostProbesTogether([], outages)).toBe(0);
});
