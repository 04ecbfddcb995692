import type { Ledger } from '@proofbox/ledger';
import type { Events } from './events.ts';

const sliceSize = 200;

/**
 * Makes dead letters of orders whose deadline has passed while they waited; one that is being baked right now is
 * judged when that attempt has ended. It runs in every worker, also while all of them rest: parking twice is harmless.
 */
export async function expireOverdue({ ledger, events }: { ledger: Ledger; events: Events }): Promise<void> {
  for (let parked = sliceSize; parked === sliceSize;) {
    parked = 0;
    for (const id of await ledger.overdueIds(sliceSize)) {
      const order = await ledger.find(id);
      if (order === undefined || (order.attempts.at(-1)?.endedAt === undefined && order.attempts.length > 0))
        continue;
      if ((await ledger.park({ id, state: 'dead', reason: 'expired' })) !== 'dead') continue;
      events.orderParked(order, 'dead', 'expired');
      parked += 1;
    }
  }
}
