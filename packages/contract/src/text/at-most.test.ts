import { expect, test } from 'vitest';
import { z } from 'zod';
import { atMost } from './at-most.ts';

test('a bound counts an emoji as one character', () => {
  const schema = atMost(z.string().min(1), 3);
  const isTaken = (text: string): boolean => schema.safeParse(text).success;
  expect(['abc', '🍕🍕🍕'].every(isTaken)).toBe(true);
  expect(['', 'abcd', '🍕🍕🍕🍕'].some(isTaken)).toBe(false);
  expect(z.toJSONSchema(schema)).toMatchObject({ minLength: 1, maxLength: 3 });
  expect(schema.safeParse('abcd').error?.issues[0]?.message).toBe('expected at most 3 characters');
});
