import type { BulkTask } from '@proofbox/contract/admin';
import type { BulkTasks } from '@proofbox/ledger/operations';
import { every } from '@proofbox/runtime';
import { bulkTaskView } from './bulk-task-view.ts';
import { describeError } from '../http/describe-error.ts';

export type BulkUpdates = AsyncDisposable & {
  /** Calls `listener` with the tasks that changed, until disposed. */
  watch(listener: (changed: BulkTask[]) => void): Disposable;
  /** As last read, newest first. */
  all(): BulkTask[];
};

/**
 * Watches bulk tasks: one read each half second for all watchers. While Redis is away, the tasks
 * that ran are published once more, with their trouble.
 */
export function watchBulkTasks({
  tasks,
  intervalMs = 500,
  onError,
}: {
  tasks: Pick<BulkTasks, 'list'>;
  intervalMs?: number;
  onError: (error: Error) => void;
}): BulkUpdates {
  const listeners = new Set<(changed: BulkTask[]) => void>();
  let known: BulkTask[] = [];

  function publish(received: BulkTask[]): void {
    const before = new Map(known.map((task) => [task.id, JSON.stringify(task)]));
    known = received;
    const changed = received.filter((task) => before.get(task.id) !== JSON.stringify(task));
    if (changed.length > 0) for (const listener of listeners) listener(changed.map(bulkTaskView));
  }

  async function look(): Promise<void> {
    try {
      publish(await tasks.list());
    } catch (error) {
      const trouble = describeError(error);
      publish(
        known.map((task) => (task.state === 'running' ? { ...task, ratePerSecond: 0, trouble } : task)),
      );
    }
  }

  const looking = every(intervalMs, look, onError);
  return {
    watch(listener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    all: () => known,
    [Symbol.asyncDispose]: () => looking[Symbol.asyncDispose](),
  };
}
