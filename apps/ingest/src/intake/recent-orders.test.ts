import { expect, test } from 'vitest';
import { rememberOrders } from './recent-orders.ts';
import { someOrder } from '../test-order.ts';

test('an order that was taken is recognised by its id, and told from another one with its key', () => {
  const recent = rememberOrders();
  const order = someOrder();
  expect(recent.recall(order)).toBeUndefined();
  recent.remember(order, { status: 'accepted', id: order.id });
  expect(recent.recall(order)).toEqual({ status: 'existing', id: order.id });
  expect(recent.recall({ ...order, fingerprint: 'g' })).toEqual({ status: 'conflict', id: order.id });
});

test('a double click is recognised within its window', () => {
  const clock = { now: 0 };
  const recent = rememberOrders({ now: () => clock.now });
  const click = () => someOrder({ doubleClick: { key: 'k', windowMs: 5_000 } });
  const first = click();
  recent.remember(first, { status: 'accepted', id: first.id });
  clock.now = 4_999;
  expect(recent.recall(click())).toEqual({ status: 'existing', id: first.id });
  clock.now = 5_000;
  expect(recent.recall(click())).toBeUndefined();
});

test('only so many are remembered', () => {
  const recent = rememberOrders();
  const orders = Array.from({ length: 10_001 }, () => someOrder());
  for (const order of orders) recent.remember(order, { status: 'accepted', id: order.id });
  expect(recent.recall(orders[0]!)).toBeUndefined();
  expect(recent.recall(orders[1]!)).toBeDefined();
});
