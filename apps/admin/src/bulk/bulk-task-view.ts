import type { BulkTask } from '@proofbox/contract/admin';
import { maskId } from '@proofbox/contract/admin';

/** A bulk task as readers see it: the id of a diner in its filter is masked, as it is in the orders. */
export function bulkTaskView(task: BulkTask): BulkTask {
  if (!('filter' in task.target) || task.target.filter.diner === undefined) return task;
  const { filter } = task.target;
  return { ...task, target: { filter: { ...filter, diner: maskId(task.target.filter.diner) } } };
}
