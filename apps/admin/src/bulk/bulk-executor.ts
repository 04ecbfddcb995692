import { addAgain, addWhenFree, type OrderQueue } from '@proofbox/ledger';
import type { BulkLease, BulkLeases } from '@proofbox/ledger/operations';
import type { BulkEvents } from './bulk-events.ts';
import type { RateMeter } from './rate-meter.ts';

export type BulkExecutorOptions = {
  leases: BulkLeases;
  queue: Pick<OrderQueue, 'addAll' | 'inHand'>;
  /** What a replayed order gets. */
  deadlineMs: number;
  events: BulkEvents;
  meter: RateMeter;
  onError: (error: Error) => void;
};

/** Moves orders of a task: first in the ledger, then in the queue. */
export function createExecutor({ leases, queue, deadlineMs, events, meter, onError }: BulkExecutorOptions) {
  const late = new Set<Promise<void>>();

  async function enqueueReplayed(ids: string[]): Promise<void> {
    if (ids.length === 0) return;
    const inHand = await addAgain({ queue, ids });
    if (inHand.length === 0) return;
    const adding = addWhenFree({ queue, ids: inHand })
      .catch(onError)
      .finally(() => late.delete(adding));
    late.add(adding);
  }

  return {
    enqueueReplayed,

    /** @returns false when the lease is lost, or the task is paused or aborted */
    async move(lease: BulkLease, ids: string[]): Promise<boolean> {
      const { action } = lease.task;
      const moves = await leases.move(lease, ids, deadlineMs);
      meter.add(moves.filter(({ status }) => status !== 'seen' && status !== 'stopped').length);
      events.ordersMoved(action, moves);
      // Also those that were queued before: the process that replayed them may have died before the queue.
      if (action === 'replay')
        await enqueueReplayed(moves.filter(({ state }) => state === 'queued').map(({ id }) => id));
      return moves.every(({ status }) => status !== 'stopped');
    },

    /** Waits for orders whose old jobs are in the way. */
    async settle(): Promise<void> {
      await Promise.all(late);
    },
  };
}
