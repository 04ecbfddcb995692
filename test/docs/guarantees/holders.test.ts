import { expect, test } from 'vitest';
import { holdersIn } from './holders.ts';

test('a test that says which guarantees it holds is named after the groups around it', () => {
  const source = `
    describe('an order', () => {
      /** @guarantee G1 G2 */
      test.for([1, 2])('of %i is kept', () => {});
      test('that holds nothing', () => {});
    });`;
  expect(holdersIn('a.test.ts', source)).toEqual([
    { guarantee: 'G1', file: 'a.test.ts', title: 'an order of %i is kept' },
    { guarantee: 'G2', file: 'a.test.ts', title: 'an order of %i is kept' },
  ]);
});

test('a comment that is above no test is an error, so that no guarantee is lost when a test moves', () => {
  const source = `
    /** @guarantee G1 */
    const rows = [];
    test('a title', () => {});`;
  expect(() => holdersIn('a.test.ts', source)).toThrow('a.test.ts: @guarantee G1 is above no test.');
});
