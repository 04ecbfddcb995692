import { expect, test } from 'vitest';
import { z } from 'zod';
import { isoTime } from './iso-time.ts';

test.for([
  [0, '1970-01-01T00:00:00.000Z'],
  [1_795_000_000_123, '2026-11-18T11:06:40.123Z'],
  [1e300, '9999-12-31T23:59:59.999Z'],
  [Infinity, '9999-12-31T23:59:59.999Z'],
  [-1e300, '0000-01-01T00:00:00.000Z'],
  [Number.NaN, '1970-01-01T00:00:00.000Z'],
] as const)('%d is written as a time that can be read: %s', ([ms, time]) => {
  expect(isoTime(ms)).toBe(time);
  expect(z.iso.datetime().safeParse(time).success).toBe(true);
});
