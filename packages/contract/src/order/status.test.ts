import { describe, expect, test } from 'vitest';
import type { OrderState } from './order-state.ts';
import type { Attempt, OrderRecord } from './record.ts';
import { orderStatus, toDinerStatus, toOrderStatus, type DinerStatus } from './status.ts';

const underWay: Attempt = { n: 1, factory: 'primary', worker: 'worker-1 of host-7', startedAt: 1_000 };
const ended: Attempt = {
  ...underWay,
  endedAt: 1_250,
  outcome: 'failed',
  status: 500,
  detail: 'chaos monkey',
  endChaosLink: true,
  counted: true,
};

const meanings: [OrderState, Attempt[], DinerStatus][] = [
  ['queued', [], 'queued'],
  ['baking', [underWay], 'queued'],
  ['queued', [ended], 'retrying'],
  ['baking', [ended, { ...underWay, n: 2 }], 'retrying'],
  ['fulfilled', [ended], 'fulfilled'],
  ['held', [ended], 'delayed'],
  ['dead', [ended], 'delayed'],
  ['dead', [], 'delayed'],
  ['discarded', [ended], 'cancelled'],
];

describe("a diner's status", () => {
  test.for(meanings)('of a %s order with attempts %j is %s', ([state, attempts, expected]) => {
    expect(toDinerStatus({ state, attempts })).toBe(expected);
  });
});

const record: OrderRecord = {
  id: 'pb-1',
  state: 'dead',
  reason: 'exhausted',
  source: 'frontend',
  dinerId: '2',
  request: {
    diner: { id: 2, name: 'pizza diner', email: 'd@jwt.com' },
    order: { id: 'pb-1', franchiseId: 1, storeId: '1', items: [{ menuId: 1, description: 'V', price: 1 }] },
  },
  acceptedAt: 0,
  updatedAt: 2_000,
  deadlineAt: 90_000,
  countedFailures: 5,
  replays: 1,
  discardReason: 'a joke',
  attempts: [ended, { ...underWay, n: 2 }],
};

describe("a diner's view of an order", () => {
  test('has its times in UTC, and of each attempt only when, where, how long and how it ended', () => {
    expect(toOrderStatus(record)).toEqual({
      id: 'pb-1',
      status: 'delayed',
      order: record.request.order,
      acceptedAt: '1970-01-01T00:00:00.000Z',
      updatedAt: '1970-01-01T00:00:02.000Z',
      attempts: [
        {
          n: 1,
          factory: 'primary',
          startedAt: '1970-01-01T00:00:01.000Z',
          durationMs: 250,
          outcome: 'failed',
        },
        { n: 2, factory: 'primary', startedAt: '1970-01-01T00:00:01.000Z', outcome: 'under_way' },
      ],
    });
  });

  test('has the receipt, and when it came, once it is there', () => {
    const fulfilled = { ...record, state: 'fulfilled' as const, fulfilledAt: 3_000, receipt: 'r' };
    expect(toOrderStatus(fulfilled)).toMatchObject({
      status: 'fulfilled',
      fulfilledAt: '1970-01-01T00:00:03.000Z',
      jwt: 'r',
    });
  });

  test('is what the contract says it is, and nothing more', () => {
    expect(orderStatus.strict().parse(toOrderStatus(record))).toEqual(toOrderStatus(record));
  });
});
