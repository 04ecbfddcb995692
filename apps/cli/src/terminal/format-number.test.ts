import { expect, test } from 'vitest';
import { counted, inGroups, plainNumber } from './format-number.ts';

test.each([
  [0, '0'],
  [7, '7'],
  [999, '999'],
  [1_000, '1,000'],
  [45_678, '45,678'],
  [1_234_567, '1,234,567'],
])('%d is written in groups of three digits', (n, words) => expect(inGroups(n)).toBe(words));

test('one order, and many', () => {
  expect([1, 0, 1_234].map((n) => counted(n, 'order'))).toEqual(['1 order', '0 orders', '1,234 orders']);
});

test.each([
  [0, '0'],
  [10, '10'],
  [0.05, '0.05'],
  [3.8e-7, '0.00000038'],
  [100.5, '100.5'],
  [0.1 + 0.2, '0.3'],
  [2_000_000_000, '2000000000'],
])('the price %d is written without an exponent and without idle zeros', (price, words) =>
  expect(plainNumber(price)).toBe(words),
);
