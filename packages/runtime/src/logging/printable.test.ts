import { expect, test } from 'vitest';
import { printable, printableJson, printableLines } from './printable.ts';

const hostile = 'Veggie\u001b[2J\r\n\u0007\u009b31m\u202e\u2028gone';
const obeyed = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

test('no text can give a terminal orders, however deep it stands', () => {
  const { items } = printable({ items: [{ description: hostile, price: 1 }] });
  expect(items[0]!.description).not.toMatch(obeyed);
  expect(items[0]).toMatchObject({ description: expect.stringMatching(/^Veggie.*gone$/), price: 1 });
});

test('readable texts stay as they are', () => {
  expect(printable('Crème brûlée 🍕 – 披萨')).toBe('Crème brûlée 🍕 – 披萨');
});

test('JSON keeps the value, and gives a terminal no orders either', () => {
  const value = { description: `${hostile}\u{e0001}`, list: ['a', 2, null] };
  const json = printableJson(value);
  expect(JSON.parse(json)).toEqual(value);
  expect(json.replaceAll('\n', '')).not.toMatch(obeyed);
});

test('lines stay lines, and no line writes over another', () => {
  const text = printableLines(`a${hostile}\r\nb\rc`);
  expect(text).toMatch(/^aVeggie .*\r\n.*gone\r\nb c$/);
  expect(text.replaceAll(/\r?\n/g, '')).not.toMatch(obeyed);
});
