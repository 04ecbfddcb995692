import type { Ledger } from '../orders/ledger.ts';
import type { OrderQueue } from './order-queue.ts';

/** What waits where, for gauges and for people: orders by state, jobs by state, and for how long the oldest order waits. */
export type LedgerBacklog = {
  orders: Record<string, number>;
  jobs: Record<string, number>;
  /** Orders that are not settled. */
  outstanding: number;
  /** For so long; undefined when nothing waits. */
  oldestPendingMs: number | undefined;
};

/** A reader of the whole fleet's backlog. @param now the clock of Redis (redis-clock.ts) */
export function readBacklog(
  ledger: Ledger,
  queue: OrderQueue,
  now: () => number,
): () => Promise<LedgerBacklog> {
  return async () => {
    const [{ counters, oldestPendingAt }, jobs] = await Promise.all([ledger.stats(), queue.counts()]);
    const { accepted: _all, lateReceipts: _late, ...orders } = counters;
    const oldestPendingMs = oldestPendingAt === undefined ? undefined : now() - Math.max(0, oldestPendingAt);
    return { orders, jobs, outstanding: counters.queued + counters.baking, oldestPendingMs };
  };
}
