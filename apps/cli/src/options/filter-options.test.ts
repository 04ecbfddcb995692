import { expect, test } from 'vitest';
import { filterOf, hasFilter, type FilterOptions } from './filter-options.ts';

test('what is asked of dead letters asks for no others', () => {
  expect(filterOf({}, 'dead')).toEqual({ state: ['dead', 'held'] });
  expect(filterOf({ store: '7' }, 'dead')).toEqual({ state: ['dead', 'held'], store: '7' });
  expect(filterOf({ state: ['held'] }, 'dead')).toEqual({ state: ['held'] });
  expect(filterOf({}, 'any')).toEqual({});
});

test('other options of a command are no condition', () => {
  const options = { why: 'x', yes: true, rate: 7 } as FilterOptions;
  expect(hasFilter(options)).toBe(false);
  expect(hasFilter({ ...options, text: 'oven' })).toBe(true);
  expect(filterOf({ ...options, text: 'oven' }, 'any')).toEqual({ text: 'oven' });
});

test.each<[FilterOptions, string]>([
  [{ reason: ['unknown_outcome'], state: ['dead'] }, 'always held'],
  [{ reason: ['expired'], state: ['held'] }, 'always dead'],
  [{ from: '2026-11-23T00:00:00.000Z', to: '2026-11-22T00:00:00.000Z' }, '--from has to be before --to'],
])('%j never finds anything, and an empty list would look like good news', (options, words) => {
  expect(() => filterOf(options, 'dead')).toThrow(words);
});

test.each<FilterOptions>([
  { reason: ['unknown_outcome', 'expired'], state: ['dead'] },
  { reason: ['expired'], state: ['discarded'] },
])('%j may find something', (options) => expect(filterOf(options, 'any')).toEqual(options));
