import { randomUUID } from 'node:crypto';
import type { NewOrder } from '@proofbox/ledger';

/** An order for tests that is like any other. */
export function someOrder(changes: Partial<NewOrder> = {}): NewOrder {
  const id = changes.id ?? `pb-${randomUUID()}`;
  return {
    id,
    fingerprint: 'f',
    source: 'frontend',
    dinerId: '2',
    request: {
      diner: { id: 2 },
      order: { id, franchiseId: 1, storeId: '1', items: [{ menuId: 1, description: 'Veggie', price: 0.05 }] },
    },
    deadlineMs: 60_000,
    ...changes,
  };
}
