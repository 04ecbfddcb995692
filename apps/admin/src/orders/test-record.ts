import type { OrderRecord } from '@proofbox/contract';

/** A record for tests, like any other but for these fields. Times are ms since the epoch. */
export function someRecord(changes: Partial<OrderRecord> = {}): OrderRecord {
  return {
    id: 'pb-1',
    state: 'queued',
    source: 'frontend',
    dinerId: '2',
    request: {
      diner: { id: 2, name: 'pizza diner', email: 'd@jwt.com' },
      order: {
        id: 'pb-1',
        franchiseId: 1,
        storeId: '1',
        items: [{ menuId: 1, description: 'Veggie', price: 0.05 }],
      },
    },
    acceptedAt: 1_000,
    updatedAt: 2_000,
    deadlineAt: 3_000,
    countedFailures: 0,
    replays: 0,
    attempts: [],
    ...changes,
  };
}
