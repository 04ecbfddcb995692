import { setTimeout as sleep } from 'node:timers/promises';
import { Gauge, type Registry } from 'prom-client';

/** A Redis that does not answer must not keep a scrape waiting, and with it all other metrics. */
const longestReadMs = 1_000;

/** What is in the ledger and the queue right now. `oldestPendingMs`: for how long the oldest order waits. */
export type Backlog = {
  orders: Record<string, number>;
  jobs: Record<string, number>;
  outstanding: number;
  oldestPendingMs: number | undefined;
};

/**
 * Gauges of the backlog, read when they are scraped. They describe the whole fleet, not this process:
 * every process shows the same, so an alert takes `max()`. A Redis that is away leaves them out and says so in `proofbox_redis_up`.
 */
export function registerBacklogGauges(registry: Registry, read: () => Promise<Backlog>): void {
  // A scrape collects all gauges at once, so they share one reading.
  let reading: Promise<Backlog | undefined> | undefined;
  function readOnce(): Promise<Backlog | undefined> {
    const late = sleep(longestReadMs, undefined, { ref: false });
    reading ??= Promise.race([read(), late])
      .catch(() => undefined)
      .finally(() => (reading = undefined));
    return reading;
  }

  function gauge<L extends string>(
    about: { name: string; help: string; labelNames?: L[] },
    show: (gauge: Gauge<L>, backlog: Backlog) => void,
  ): void {
    new Gauge<L>({
      ...about,
      registers: [registry],
      async collect() {
        const backlog = await readOnce();
        this.reset();
        if (backlog) show(this, backlog);
        // A gauge without labels is 0 after a reset, and 0 would be a lie.
        else if (!about.labelNames) this.remove();
      },
    });
  }

  gauge(
    {
      name: 'proofbox_orders',
      help: 'Orders in the ledger by state. `accepted` (all orders ever) and `lateReceipts` are here, too: do not add them to the states.',
      labelNames: ['state'],
    },
    (orders, backlog) => {
      for (const [state, count] of Object.entries(backlog.orders)) orders.set({ state }, count);
    },
  );
  gauge(
    {
      name: 'proofbox_queue_depth',
      help: 'Jobs in the queue: waiting, delayed (backing off), active.',
      labelNames: ['state'],
    },
    (jobs, backlog) => {
      for (const [state, count] of Object.entries(backlog.jobs)) jobs.set({ state }, count);
    },
  );
  gauge(
    {
      name: 'proofbox_orders_outstanding',
      help: 'Orders that are queued or being baked.',
    },
    (outstanding, backlog) => outstanding.set(backlog.outstanding),
  );
  gauge(
    {
      name: 'proofbox_oldest_pending_order_age_seconds',
      help: 'Age of the oldest order that still waits; 0 when none does. The first metric to look at.',
    },
    (oldest, { oldestPendingMs = 0 }) => oldest.set(Math.max(0, oldestPendingMs) / 1_000),
  );
  new Gauge({
    name: 'proofbox_redis_up',
    help: '1 when Redis answered this scrape. When it is 0 the other gauges of orders and queue are left out.',
    registers: [registry],
    async collect() {
      this.set((await readOnce()) ? 1 : 0);
    },
  });
}
