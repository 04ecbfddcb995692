import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isExactNumber } from './exact-number.ts';

const exact =
  '0 5 5.0 -5.00 1e2 1E+2 100e-2 0.1 0.3333333333333333 0e999 0.000 5e-324 1.7976931348623157e308 1e21 1e308 ' +
  '9007199254740991 9007199254740992 -9007199254740994 18014398509481984';
test.for(exact.split(' '))('%s is carried exactly, whatever its spelling', (number) => {
  expect(isExactNumber(number)).toBe(true);
});

const inexact =
  '9007199254740993 -9007199254740993 12345678901234567890 9.007199254740993e15 0.1000000000000000055 ' +
  '0.33333333333333333333 1e400 -1e400 1e-400 -1e-400 2e-324 1.7976931348623159e308 -0 -0.0 -0e5';
test.for(inexact.split(' '))('%s would be another number', (number) => {
  expect(isExactNumber(number)).toBe(false);
});

test('also a number of sixty thousand digits, or with a power like that', () => {
  expect(isExactNumber(`0.${'0'.repeat(400)}1e401`)).toBe(true);
  expect(isExactNumber(`5.${'0'.repeat(60_000)}`)).toBe(true);
  expect(isExactNumber(`1${'0'.repeat(400)}`)).toBe(false);
  expect(isExactNumber(`0.${'3'.repeat(60_000)}`)).toBe(false);
  expect(isExactNumber(`0.1e-${'9'.repeat(60_000)}`)).toBe(false);
});

/** A decimal as a fraction of two whole numbers: nothing is rounded. */
function fraction(number: string): [bigint, bigint] {
  const [, digits = '', power = '0'] = /^([^e]*)(?:e(.*))?$/.exec(number)!;
  const [whole = '', decimals = ''] = digits.split('.');
  const exponent = Number(power) - decimals.length;
  const value = BigInt(`${whole}${decimals}`);
  return exponent < 0 ? [value, 10n ** BigInt(-exponent)] : [value * 10n ** BigInt(exponent), 1n];
}

const digits = (most: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${most}}$`));
const decimal = fc
  .record({ whole: digits(19), decimals: digits(19), power: fc.integer({ min: -30, max: 30 }) })
  .map(({ whole, decimals, power }) => `${whole.replace(/^0+(?=.)/, '')}.${decimals}e${power}`);

test('a number is exact if, and only if, what is written back has the same value', () => {
  fc.assert(
    fc.property(decimal, (number) => {
      const [above, below] = fraction(number);
      const [aboveAgain, belowAgain] = fraction(String(Number(number)));
      expect(isExactNumber(number)).toBe(above * belowAgain === aboveAgain * below);
    }),
  );
});

test('every double is exact in each of its spellings', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect([String(value), value.toExponential()].every(isExactNumber)).toBe(true);
    }),
  );
});
