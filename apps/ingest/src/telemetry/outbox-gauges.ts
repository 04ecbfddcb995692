import { Gauge, type Registry } from '@proofbox/runtime';
import type { Outbox } from '@proofbox/outbox';

/** What is in this process's outbox, read when it is scraped. An alert goes by the age of the oldest. */
export function registerOutboxGauges(registry: Registry, { orders }: Pick<Outbox, 'orders'>): void {
  const registers = [registry];
  new Gauge({
    name: 'proofbox_outbox_orders',
    help: 'Orders on the local disk: undelivered (they wait for Redis), delivered (second copies), conflicted (set aside: their key was used for another order, or they cannot be read).',
    labelNames: ['state'],
    registers,
    collect() {
      for (const state of ['undelivered', 'delivered', 'conflicted'] as const)
        this.set({ state }, orders.count(state));
    },
  });
  new Gauge({
    name: 'proofbox_outbox_oldest_seconds',
    help: 'Age of the oldest order that waits for Redis on the local disk; 0 when none does.',
    registers,
    collect() {
      const { oldestAt } = orders;
      this.set(oldestAt === undefined ? 0 : Math.max(0, (Date.now() - oldestAt) / 1_000));
    },
  });
  new Gauge({
    name: 'proofbox_outbox_usable',
    help: '1 when the local disk would take orders if Redis were away.',
    registers,
    collect() {
      this.set(orders.obstacle() === undefined ? 1 : 0);
    },
  });
  new Gauge({
    name: 'proofbox_outbox_copies_kept',
    help: '1 while the local disk takes second copies of orders, or none are wanted.',
    registers,
    collect() {
      this.set(orders.copyObstacle === undefined ? 1 : 0);
    },
  });
}
