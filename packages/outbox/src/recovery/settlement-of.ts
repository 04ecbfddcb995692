import type { OrderRecord } from '@proofbox/contract';
import type { Settlement } from '@proofbox/ledger';

/** How an order was settled, as the outbox keeps it; undefined while it is pending. */
export function settlementOf(order: OrderRecord): Settlement | undefined {
  const { state, reason, receipt, factory, fulfilledAt, discardReason, updatedAt: at } = order;
  switch (state) {
    case 'queued':
    case 'baking':
      return undefined;
    case 'fulfilled':
      return receipt && factory && fulfilledAt !== undefined
        ? { state, at, receipt, factory, fulfilledAt }
        : undefined;
    case 'dead':
    case 'held':
      return reason && { state, at, reason };
    case 'discarded':
      return { state, at, ...(discardReason !== undefined && { discardReason }) };
  }
}
