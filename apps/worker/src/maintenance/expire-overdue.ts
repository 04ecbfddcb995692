import type { Ledger } from '@proofbox/ledger';
import type { Task } from '@proofbox/runtime';
import type { Events } from '../telemetry/events.ts';
import type { MaintenanceEvents } from '../telemetry/maintenance-events.ts';

const sliceSize = 200;

/** `doubt`: why the clocks cannot be trusted, if they cannot. */
export function expireOverdueOrders({
  clock,
  maintenance,
  ...options
}: Omit<ExpiryOptions, 'mayExpire'> & {
  clock: { doubt(): string | undefined };
  maintenance: Pick<MaintenanceEvents, 'expirySeen'>;
}): Task {
  return {
    name: 'expire_overdue',
    intervalMs: 1_000,
    async run() {
      maintenance.expirySeen(clock.doubt());
      await expireOverdue({ ...options, mayExpire: () => clock.doubt() === undefined });
    },
  };
}

export type ExpiryOptions = {
  ledger: Pick<Ledger, 'overdueIds' | 'expire'>;
  events: Pick<Events, 'deadLettered'>;
  /** Whether the clocks can be trusted so far. */
  mayExpire: () => boolean;
};

/**
 * Makes dead letters of orders whose deadline has passed while they waited; one that is being baked right now is
 * judged when that attempt has ended. It runs in every worker, also while none of them takes orders, and needs no record to be
 * readable: an order that nobody can read must not keep the others from expiring.
 */
export async function expireOverdue({ ledger, events, mayExpire }: ExpiryOptions): Promise<void> {
  if (!mayExpire()) return;
  for (let deadLetters = sliceSize; deadLetters === sliceSize;) {
    deadLetters = 0;
    for (const id of await ledger.overdueIds(sliceSize)) {
      const { status } = await ledger.expire(id);
      if (status !== 'dead_lettered') continue;
      events.deadLettered(id, 'dead', 'expired');
      deadLetters += 1;
    }
  }
}
