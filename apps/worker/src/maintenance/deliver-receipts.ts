import type { Ledger } from '@proofbox/ledger';
import { deliverReceipts, type OutboxLocation } from '@proofbox/outbox';
import type { Task } from '@proofbox/runtime';
import type { Events } from '../telemetry/events.ts';

/** Gives the ledger the receipts that workers have left on this machine's disk. */
export function deliverKeptReceipts(options: {
  location: OutboxLocation;
  ledger: Pick<Ledger, 'settle'>;
  events: Pick<Events, 'keptReceiptsDelivered'>;
}): Task {
  return {
    name: 'deliver_receipts',
    intervalMs: 10_000,
    async run() {
      const orderIds = await deliverReceipts(options.location, options.ledger);
      if (orderIds.length > 0) options.events.keptReceiptsDelivered(orderIds);
    },
  };
}
