import type { Ledger } from './ledger.ts';
import type { OrderQueue } from './order-queue.ts';

/** What waits where, for gauges and for people: orders by state, jobs by state, and since when the oldest order waits. */
export type LedgerBacklog = {
  orders: Record<string, number>;
  jobs: Record<string, number>;
  /** Orders that are neither fulfilled nor at rest. */
  outstanding: number;
  /** ms since the epoch; undefined when nothing waits. */
  oldestPendingAt: number | undefined;
};

/** A reader of the whole fleet's backlog. */
export function readBacklog(ledger: Ledger, queue: OrderQueue): () => Promise<LedgerBacklog> {
  return async () => {
    const [{ counters, oldestPendingAt }, jobs] = await Promise.all([ledger.stats(), queue.counts()]);
    const { accepted: _all, lateReceipts: _late, ...orders } = counters;
    return { orders, jobs, outstanding: counters.queued + counters.baking, oldestPendingAt };
  };
}
