import { expect, test } from 'vitest';
import { idText, wellFormed } from './well-formed.ts';

test.each([
  ['text without surrogates is left as it is', 'Größe \0 z', Infinity, 'Größe \0 z'],
  ['a whole emoji is left as it is', 'pizza 🍕', Infinity, 'pizza 🍕'],
  ['the first half of an emoji', 'a\ud83c', Infinity, 'a\ufffd'],
  ['the second half of an emoji', '\udf55a', Infinity, '\ufffda'],
  ['an emoji counts as one and is not cut in two', 'ab🍕c', 3, 'ab🍕'],
  ['what is short enough is not cut', '🍕🍕', 2, '🍕🍕'],
  ['nothing may be kept', 'a', 0, ''],
  ['half an emoji counts as one', '\ud83c\ud83cab', 3, '\ufffd\ufffda'],
])('%s', (_name, text, most, kept) => {
  expect(wellFormed(text, most)).toBe(kept);
  expect(wellFormed(text, most).isWellFormed()).toBe(true);
});

test.each([
  [7, '7'],
  ['7', '7'],
  [-0, '0'],
  [0.3333333333333333, '0.3333333333333333'],
  [1e21, '1e+21'],
  [9_007_199_254_740_991, '9007199254740991'],
  ['\ud83c', '\ufffd'],
])('the id %j is the text %j', (id, text) => {
  expect(idText(id)).toBe(text);
});
