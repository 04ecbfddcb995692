import { expect, test } from 'vitest';
import { createOrderCounts } from './order-counts.ts';

test('beyond their capacity the counts forget the first order, and still count it', () => {
  const counts = createOrderCounts({ capacity: 2 });
  for (const orderId of ['a', 'b', 'a', 'c']) counts.requested(orderId);
  expect(counts.find('a')).toBeUndefined();
  expect(counts.list({ offset: 0, limit: 10 }).map((count) => count.orderId)).toEqual(['b', 'c']);
  expect(counts.totals()).toMatchObject({ orders: 3, requests: 4, forgotten: 1 });
});

test('first and last times are those of the first and the last', () => {
  let at = 100;
  const counts = createOrderCounts({ now: () => at });
  counts.requested('a');
  at = 200;
  counts.requested('a');
  counts.baked('a');
  expect(counts.find('a')).toMatchObject({
    firstRequestedAt: 100,
    lastRequestedAt: 200,
    firstBakedAt: 200,
    lastBakedAt: 200,
  });
});

test('an order baked three times is one order baked more than once', () => {
  const counts = createOrderCounts();
  for (const orderId of ['a', 'b', 'a', 'a']) counts.baked(orderId);
  expect(counts.totals()).toMatchObject({ baked: 4, ordersBakedMoreThanOnce: 1 });
});
