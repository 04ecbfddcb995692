import { describe, expect, test } from 'vitest';
import { deadLetter, toDeadLetter } from './dead-letter.ts';
import { orderStates, type OrderRecord } from './record.ts';

const record: OrderRecord = {
  id: 'pb-1',
  state: 'dead',
  reason: 'rejected',
  source: 'frontend',
  dinerId: '2',
  request: {
    diner: { id: 2, name: 'pizza diner', email: 'd@jwt.com' },
    order: { id: 'pb-1', franchiseId: 1, storeId: '1', items: [{ menuId: 1, description: 'V', price: 1 }] },
  },
  acceptedAt: 1,
  updatedAt: 2,
  deadlineAt: 3,
  countedFailures: 0,
  replays: 0,
  attempts: [
    { n: 1, factory: 'primary', worker: 'w', startedAt: 1, endedAt: 2, outcome: 'failed' },
    { n: 2, factory: 'fallback', worker: 'w', startedAt: 2, endedAt: 3, outcome: 'rejected', status: 400 },
  ],
};

describe('a dead letter', () => {
  test('is an order in one row, with its last attempt and without personal data', () => {
    const row = toDeadLetter(record);
    expect(row).toEqual({
      id: 'pb-1',
      state: 'dead',
      reason: 'rejected',
      dinerId: '2',
      acceptedAt: 1,
      updatedAt: 2,
      attempts: 2,
      lastAttempt: record.attempts[1],
    });
    expect(deadLetter.strict().parse(row)).toEqual(row);
  });

  test('of an order that was never tried has no last attempt', () => {
    expect(toDeadLetter({ ...record, attempts: [] })).not.toHaveProperty('lastAttempt');
  });

  test.for(orderStates)('%s: only of an order that is dead or held', (state) => {
    expect(toDeadLetter({ ...record, state }) !== undefined).toBe(state === 'dead' || state === 'held');
  });
});
