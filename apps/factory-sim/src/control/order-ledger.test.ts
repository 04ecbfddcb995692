import { expect, test } from 'vitest';
import { createOrderLedger } from './order-ledger.ts';

test('beyond its capacity the ledger forgets the first order, and still counts it', () => {
  const ledger = createOrderLedger({ capacity: 2 });
  for (const orderId of ['a', 'b', 'a', 'c']) ledger.requested(orderId);
  expect(ledger.find('a')).toBeUndefined();
  expect(ledger.list({ offset: 0, limit: 10 }).map((count) => count.orderId)).toEqual(['b', 'c']);
  expect(ledger.totals()).toMatchObject({ orders: 3, requests: 4, forgotten: 1 });
});

test('first and last times are those of the first and the last', () => {
  let at = 100;
  const ledger = createOrderLedger({ now: () => at });
  ledger.requested('a');
  at = 200;
  ledger.requested('a');
  ledger.baked('a');
  expect(ledger.find('a')).toMatchObject({
    firstRequestedAt: 100,
    lastRequestedAt: 200,
    firstBakedAt: 200,
    lastBakedAt: 200,
  });
});

test('an order baked three times is one order baked more than once', () => {
  const ledger = createOrderLedger();
  for (const orderId of ['a', 'b', 'a', 'a']) ledger.baked(orderId);
  expect(ledger.totals()).toMatchObject({ baked: 4, ordersBakedMoreThanOnce: 1 });
});
