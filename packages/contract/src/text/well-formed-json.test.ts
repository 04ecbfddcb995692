import { expect, test } from 'vitest';
import { wellFormedJson } from './well-formed-json.ts';

test.for([
  ['half a character', { '\ud800': ['x\udf55'] }, '{"\\ufffd":["x\\ufffd"]}'],
  ['whole ones', { '🍕': '🍕\udf55' }, '{"🍕":"🍕\\ufffd"}'],
  ['what only looks like an escape', { a: '\\ud800\ud800' }, '{"a":"\\\\ud800\\ufffd"}'],
  ['anything else', { a: '\n"\\\u0001', b: [1, null] }, '{"a":"\\n\\"\\\\\\u0001","b":[1,null]}'],
] as const)('JSON with %s is well-formed', ([, value, json]) => {
  expect(wellFormedJson(value)).toBe(json);
});
