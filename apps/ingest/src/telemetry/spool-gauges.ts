import { Gauge, type Registry } from '@proofbox/runtime';
import type { Spool } from '@proofbox/outbox';

/** What is in this process's spool, read when it is scraped. An alert goes by the age of the oldest. */
export function registerSpoolGauges(registry: Registry, spool: Spool): void {
  const registers = [registry];
  new Gauge({
    name: 'proofbox_spool_orders',
    help: 'Orders on the local disk that wait for Redis',
    registers,
    collect() {
      this.set(spool.orders);
    },
  });
  new Gauge({
    name: 'proofbox_spool_oldest_seconds',
    help: 'Age of the oldest order that waits for Redis on the local disk; 0 when none does',
    registers,
    collect() {
      const { oldestAt } = spool;
      this.set(oldestAt === undefined ? 0 : Math.max(0, (Date.now() - oldestAt) / 1_000));
    },
  });
  new Gauge({
    name: 'proofbox_spool_parked',
    help: 'Spooled orders that Redis refused, because their key was used for another order; somebody has to look',
    registers,
    collect() {
      this.set(spool.parked);
    },
  });
  new Gauge({
    name: 'proofbox_spool_usable',
    help: '1 when the local disk would take orders if Redis were away',
    registers,
    collect() {
      this.set(spool.obstacle() === undefined ? 1 : 0);
    },
  });
}
