import { Gauge, type Registry } from 'prom-client';

/** What is in the ledger and the queue right now. Ages in seconds; `oldestPendingAt` in ms since the epoch. */
export type Backlog = {
  orders: Record<string, number>;
  jobs: Record<string, number>;
  outstanding: number;
  oldestPendingAt: number | undefined;
};

/**
 * Gauges of the backlog, read when they are scraped. They tell of the whole fleet, not of this process:
 * every process shows the same, so an alert takes `max()`. A Redis that is away leaves them out and says so in `proofbox_redis_up`.
 */
export function registerBacklogGauges(registry: Registry, read: () => Promise<Backlog>): void {
  const registers = [registry];
  const orders = new Gauge({
    name: 'proofbox_orders',
    help: 'Orders in the ledger by state',
    labelNames: ['state'],
    registers,
  });
  const jobs = new Gauge({
    name: 'proofbox_queue_depth',
    help: 'Jobs in the queue by state',
    labelNames: ['state'],
    registers,
  });
  const outstanding = new Gauge({
    name: 'proofbox_orders_outstanding',
    help: 'Accepted orders that are neither fulfilled nor parked',
    registers,
  });
  const oldest = new Gauge({
    name: 'proofbox_oldest_pending_order_age_seconds',
    help: 'Age of the oldest order that is not fulfilled yet; 0 when none waits',
    registers,
  });
  new Gauge({
    name: 'proofbox_redis_up',
    help: '1 when Redis answered this scrape',
    registers,
    async collect() {
      const backlog = await read().catch(() => undefined);
      this.set(backlog ? 1 : 0);
      for (const gauge of [orders, jobs, outstanding, oldest]) gauge.reset();
      if (!backlog) return;
      for (const [state, count] of Object.entries(backlog.orders)) orders.set({ state }, count);
      for (const [state, count] of Object.entries(backlog.jobs)) jobs.set({ state }, count);
      outstanding.set(backlog.outstanding);
      oldest.set(
        backlog.oldestPendingAt === undefined
          ? 0
          : Math.max(0, (Date.now() - backlog.oldestPendingAt) / 1000),
      );
    },
  });
}
