import { bulkStates, type BulkAction, type BulkTask } from '@proofbox/contract/admin';
import type { BulkMove, BulkTasks } from '@proofbox/ledger/operations';
import { Counter, Gauge, type Logger, type Registry } from '@proofbox/runtime';
import { within } from '../http/within.ts';

export type BulkEvents = ReturnType<typeof createBulkEvents>;

const results: Partial<Record<BulkMove['status'], string>> = {
  replayed: 'moved',
  discarded: 'moved',
  unchanged: 'unchanged',
  missing: 'missing',
};

/** What happens with bulk tasks, for log and metrics. */
export function createBulkEvents({
  logger,
  metrics,
  tasks,
}: {
  logger: Logger;
  metrics: Registry;
  tasks: Pick<BulkTasks, 'list'>;
}) {
  const orders = new Counter({
    name: 'proofbox_bulk_orders_total',
    help: 'Orders that the bulk tasks of this process came to: moved, unchanged (they had been moved before), missing (no such order).',
    labelNames: ['action', 'result'],
    registers: [metrics],
  });
  new Gauge({
    name: 'proofbox_bulk_tasks',
    help: 'Bulk tasks by state, of the whole fleet. Absent while Redis does not answer.',
    labelNames: ['state'],
    registers: [metrics],
    async collect() {
      const listed = await within(1_000, tasks.list()).catch(() => undefined);
      this.reset();
      if (listed === undefined) return;
      for (const state of bulkStates)
        this.set({ state }, listed.filter((task) => task.state === state).length);
    },
  });
  let reportedTrouble = new Map<string, string>();

  return {
    taskTaken(task: BulkTask): void {
      const { id: bulkId, action, rate, expected, moved } = task;
      logger.info({ bulkId, action, rate, expected, moved }, 'bulk task taken');
    },
    ordersMoved(action: BulkAction, moves: BulkMove[]): void {
      for (const { status } of moves) {
        const result = results[status];
        if (result !== undefined) orders.inc({ action, result });
      }
    },
    taskEnded(task: BulkTask): void {
      const { id: bulkId, action, moved, unchanged, missing, expected } = task;
      reportedTrouble.delete(bulkId);
      logger.info({ bulkId, action, moved, unchanged, missing, expected }, 'bulk task done');
    },
    /** Logged once, as long as it is the same. */
    taskInTrouble({ id: bulkId }: BulkTask, trouble: string): void {
      if (reportedTrouble.get(bulkId) === trouble) return;
      reportedTrouble = new Map([...reportedTrouble, [bulkId, trouble]]);
      logger.warn({ bulkId, trouble }, 'bulk task in trouble');
    },
  };
}
