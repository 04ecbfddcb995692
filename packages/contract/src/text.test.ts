import { expect, test } from 'vitest';
import { z } from 'zod';
import { atMost, cutText } from './text.ts';
import { wellFormedJson } from './well-formed-json.ts';

test.for([
  ['short', 5, 'short'],
  ['a text that is longer', 6, 'a text'],
  ['🍕🍕🍕', 2, '🍕🍕'],
  ['a🍕', 1, 'a'],
  ['a🍕b', 2, 'a🍕'],
  ['half \ud83c', 9, 'half \uFFFD'],
  ['\udf55\ud83c🍕', 3, '\uFFFD\uFFFD🍕'],
  ['', 5, ''],
  ['x', 0, ''],
] as const)('%j cut to %i characters is %j', ([text, most, cut]) => {
  expect(cutText(text, most)).toBe(cut);
});

test('a bound counts an emoji as one character', () => {
  const schema = atMost(z.string().min(1), 3);
  const isTaken = (text: string): boolean => schema.safeParse(text).success;
  expect(['abc', '🍕🍕🍕'].every(isTaken)).toBe(true);
  expect(['', 'abcd', '🍕🍕🍕🍕'].some(isTaken)).toBe(false);
  expect(z.toJSONSchema(schema)).toMatchObject({ minLength: 1, maxLength: 3 });
  expect(schema.safeParse('abcd').error?.issues[0]?.message).toBe('expected at most 3 characters');
});

test.for([
  ['half a character', { '\ud800': ['x\udf55'] }, '{"\\ufffd":["x\\ufffd"]}'],
  ['whole ones', { '🍕': '🍕\udf55' }, '{"🍕":"🍕\\ufffd"}'],
  ['what only looks like an escape', { a: '\\ud800\ud800' }, '{"a":"\\\\ud800\\ufffd"}'],
  ['anything else', { a: '\n"\\\u0001', b: [1, null] }, '{"a":"\\n\\"\\\\\\u0001","b":[1,null]}'],
] as const)('JSON with %s is well-formed', ([, value, json]) => {
  expect(wellFormedJson(value)).toBe(json);
});
