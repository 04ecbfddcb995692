import { Gauge, type Registry } from '@proofbox/runtime';
import type { Journal } from '@proofbox/outbox';

/** What is in this process's journal, read when it is scraped. */
export function registerJournalGauges(registry: Registry, journal: Journal): void {
  const registers = [registry];
  new Gauge({
    name: 'proofbox_journal_orders',
    help: 'Orders on the local disk that could be put back if Redis lost them',
    registers,
    collect() {
      this.set(journal.orders);
    },
  });
  new Gauge({
    name: 'proofbox_journal_usable',
    help: '1 when the local disk takes second copies of orders',
    registers,
    collect() {
      this.set(journal.obstacle === undefined ? 1 : 0);
    },
  });
}
