import type { OrderPage, OrderRow } from '@proofbox/contract/admin';
import { expect, test } from 'vitest';
import { pageSize, searchProgress } from './search-progress.ts';
import { chosenIds, hasTooMany, isEmpty, nothingChosen, targetOf } from './selection.ts';

function part(found: number, examined: number, remaining: number, nextCursor?: string): OrderPage {
  const orders = Array.from({ length: found }, (_, n) => ({ id: `${remaining}-${n}` }) as OrderRow);
  return {
    orders,
    examined,
    remaining,
    sortedBy: 'settledAt',
    ...(nextCursor !== undefined && { nextCursor }),
  };
}

test('a full page asks for no more, and knows where the next one begins', () => {
  const progress = searchProgress([part(pageSize, 50, 950, 'b')]);
  expect(progress.next).toBeUndefined();
  expect(progress).toMatchObject({ nextCursor: 'b', examined: 50, total: 1_000 });
});

test('a part of a page goes on where it ended, for what is missing, and says how far it is', () => {
  const progress = searchProgress([part(2, 5_000, 995_000, 'b'), part(0, 7_000, 988_000, 'c')]);
  expect(progress.next).toEqual({ cursor: 'c', limit: pageSize - 2 });
  expect(progress).toMatchObject({ examined: 12_000, total: 1_000_000 });
});

test('an order that is met twice is shown once', () => {
  const twice = part(2, 50, 950);
  expect(searchProgress([twice, twice]).orders).toHaveLength(2);
});

test('a search that has looked at everything is over, full page or not', () => {
  expect(searchProgress([part(2, 5_000, 0)])).toMatchObject({ next: undefined, nextCursor: undefined });
});

test('what is chosen is named one by one, up to a number, or said by the filter', () => {
  const filter = { state: ['dead' as const] };
  expect(isEmpty(nothingChosen)).toBe(true);
  const two = { ids: { a: true, b: true } as const, isAll: false };
  expect(targetOf(two, filter)).toEqual({ ids: ['a', 'b'] });
  expect(targetOf({ ids: {}, isAll: true }, filter)).toEqual({ filter });
  const ids = Object.fromEntries(Array.from({ length: 1_001 }, (_, n) => [String(n), true as const]));
  expect(hasTooMany({ ids, isAll: false })).toBe(true);
  expect(chosenIds({ ids, isAll: false })).toHaveLength(1_001);
});
