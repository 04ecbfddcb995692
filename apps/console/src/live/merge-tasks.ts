import type { BulkTask } from '@proofbox/contract/admin';

/** Tasks with those that changed put in, newest first. */
export function mergeTasks(known: readonly BulkTask[], changed: readonly BulkTask[]): BulkTask[] {
  const byId = new Map([...known, ...changed].map((task) => [task.id, task]));
  return [...byId.values()].toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
}
