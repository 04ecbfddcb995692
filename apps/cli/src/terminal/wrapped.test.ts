import { expect, test } from 'vitest';
import { wrapped } from './wrapped.ts';

test('lines end between words, and none is longer than the screen unless a word is', () => {
  expect(wrapped('one two three extraordinary', 9)).toBe('one two\nthree\nextraordinary');
  expect(wrapped('one two three', undefined)).toBe('one two three');
});
