import type { Names, OrderQueue } from '@proofbox/ledger';
import { createBulkLeases, type BulkTasks, type DeadLetterSearch } from '@proofbox/ledger/operations';
import { every } from '@proofbox/runtime';
import type { BulkEvents } from './bulk-events.ts';
import { runBulkTask } from './bulk-run.ts';

export type BulkRunnerOptions = {
  /** A connection of its own: thousands of scripts a second must not stand before a person's request. */
  redis: Parameters<typeof createBulkLeases>[0]['redis'];
  names: Names;
  tasks: Pick<BulkTasks, 'end'>;
  search: Pick<DeadLetterSearch, 'ids'>;
  queue: Pick<OrderQueue, 'addAll' | 'inHand'>;
  /** What a replayed order gets. */
  deadlineMs: number;
  events: BulkEvents;
  onError: (error: Error) => void;
  /** ms since the epoch */
  now?: () => number;
};

const lookEveryMs = 500;
/** So long after its last sign of life, the tasks of a process that died are taken over. */
const leaseMs = 3_000;

/**
 * Works on the bulk tasks that run. Of several admins one works on a task, and another takes over when that one dies.
 * Disposing it finishes what is under way and gives the tasks back.
 */
export function startBulkRunner(options: BulkRunnerOptions): AsyncDisposable {
  const { redis, names, search, events, onError, now } = options;
  const leases = createBulkLeases({ redis, names, search, leaseMs, ...(now && { now }) });
  const running = new Map<string, Promise<void>>();
  const stop = new AbortController();
  let isAway = false;

  async function takeTasks(): Promise<void> {
    // While there is no connection, the connection logs that, and nothing else needs to.
    if (redis.status !== 'ready') return;
    for (const id of await leases.open()) {
      if (running.has(id) || stop.signal.aborted) continue;
      const lease = await leases.take(id);
      if (lease === undefined) continue;
      events.taskTaken(lease.task);
      const run = runBulkTask({ ...options, leases }, lease, stop.signal)
        .catch(onError)
        .finally(() => running.delete(id));
      running.set(id, run);
    }
  }

  const looking = every(
    lookEveryMs,
    async () => {
      await takeTasks();
      isAway = false;
    },
    (error) => {
      if (!isAway) onError(error);
      isAway = true;
    },
  );

  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await looking[Symbol.asyncDispose]();
      await Promise.all(running.values());
    },
  };
}
