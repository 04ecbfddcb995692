import type { OrderStatus } from '@proofbox/contract';
import { expect, test } from 'vitest';
import { tallyOrders, type Evidence } from './order-tally.ts';

const acceptedAt = '2026-01-01T00:00:00.000Z';

function anOrder(id: string, changes: { status?: Partial<OrderStatus>; receipts?: string[] } = {}): Evidence {
  const status: OrderStatus = {
    id,
    status: 'fulfilled',
    order: { id, franchiseId: 1, storeId: 1, items: [{ menuId: 1, description: 'Veggie', price: 0.05 }] },
    acceptedAt,
    updatedAt: acceptedAt,
    fulfilledAt: '2026-01-01T00:00:01.500Z',
    attempts: [{ n: 1, factory: 'primary', startedAt: acceptedAt, outcome: 'fulfilled' }],
    jwt: `receipt of ${id}`,
    ...changes.status,
  };
  const receipts = new Set(changes.receipts ?? [`receipt of ${id}`]);
  return { id, hadTicket: false, receipts, reading: { status, isVerified: true } };
}

function attempt(n: number, factory: 'primary' | 'fallback', outcome: 'failed' | 'unknown' | 'fulfilled') {
  return { n, factory, outcome, startedAt: acceptedAt };
}

test('orders that were fulfilled once are counted for the factory that baked them', () => {
  const rescued = anOrder('b', {
    status: {
      fulfilledAt: '2026-01-01T00:00:09.000Z',
      attempts: [attempt(1, 'primary', 'failed'), attempt(2, 'fallback', 'fulfilled')],
    },
  });
  const baked = new Map([
    ['a', 1],
    ['b', 1],
    ['synchronous-1', 3],
  ]);
  expect(tallyOrders([anOrder('a'), { ...rescued, hadTicket: true }], baked)).toEqual({
    accepted: 2,
    tickets: 1,
    fulfilled: 2,
    byFactory: { primary: 1, fallback: 1 },
    lost: [],
    dead: 0,
    duplicates: [],
    longestDelayMs: 9_000,
  });
});

test('an order that the shop does not know any more is lost', () => {
  const missing: Evidence = { ...anOrder('b'), reading: undefined };
  expect(tallyOrders([anOrder('a'), missing], new Map())).toMatchObject({
    accepted: 2,
    fulfilled: 1,
    lost: [{ id: 'b', why: 'the shop does not know it' }],
  });
});

test('an order that still waits in the end is lost', () => {
  const waiting = anOrder('a', { status: { status: 'retrying' } });
  expect(tallyOrders([waiting], new Map()).lost).toEqual([{ id: 'a', why: 'it is still retrying' }]);
});

test('a receipt that does not verify fulfils nothing', () => {
  const order = anOrder('a');
  const forged: Evidence = { ...order, reading: { ...order.reading!, isVerified: false } };
  expect(tallyOrders([forged], new Map())).toMatchObject({
    fulfilled: 0,
    lost: [{ id: 'a', why: 'its receipt does not verify' }],
  });
});

test('a dead letter is not lost, and not fulfilled', () => {
  const dead = anOrder('a', { status: { status: 'delayed' }, receipts: [] });
  expect(tallyOrders([dead], new Map())).toMatchObject({ accepted: 1, fulfilled: 0, dead: 1, lost: [] });
});

test('two submissions with one id are a duplicate', () => {
  expect(tallyOrders([anOrder('a'), anOrder('a')], new Map()).duplicates).toEqual([
    { id: 'a', why: '2 submissions were given this id' },
  ]);
});

test('a receipt that has changed is a duplicate', () => {
  const order = anOrder('a', { receipts: ['one', 'another'] });
  expect(tallyOrders([order], new Map()).duplicates).toEqual([
    { id: 'a', why: 'its diner was shown 2 different receipts' },
  ]);
});

test('an order baked twice is a duplicate, unless a call that went unanswered explains it', () => {
  const baked = new Map([
    ['a', 2],
    ['b', 2],
  ]);
  const explained = anOrder('b', {
    status: { attempts: [attempt(1, 'primary', 'unknown'), attempt(2, 'fallback', 'fulfilled')] },
  });
  expect(tallyOrders([anOrder('a'), explained], baked).duplicates).toEqual([
    { id: 'a', why: 'it was baked 2 times' },
  ]);
});
