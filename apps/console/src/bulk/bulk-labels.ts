import type { BulkAction, BulkState, BulkTask } from '@proofbox/contract/admin';
import { duration } from '../format/duration.ts';
import { count, countOf } from '../format/number.ts';
import type { Label } from '../labels/tone.ts';

type ActionLabels = { name: string; doing: string; done: string; follows: string };

/** `Replay`, and what it does to so many orders. */
export const actionLabels: Record<BulkAction, ActionLabels> = {
  replay: {
    name: 'Replay',
    doing: 'Replaying',
    done: 'replayed',
    follows: 'They go back into the queue and are sent to a factory again, with a new deadline.',
  },
  discard: {
    name: 'Discard',
    doing: 'Discarding',
    done: 'discarded',
    follows: 'Their diners get no pizza, and this cannot be undone.',
  },
};

export const taskStateLabels: Record<BulkState, Label> = {
  running: { name: 'Running', meaning: 'It works through the orders, the oldest first.', tone: 'busy' },
  paused: { name: 'Paused', meaning: 'It waits until an operator resumes it.', tone: 'chosen' },
  done: { name: 'Done', meaning: 'It has worked through all orders that matched.', tone: 'good' },
  aborted: { name: 'Stopped', meaning: 'An operator stopped it. What was done stays done.', tone: 'quiet' },
};

/** `1,204 orders`, or `at least 1,204 orders` where counting was given up. */
export function expectedLabel(expected: number, isExact: boolean): string {
  return `${isExact ? '' : 'at least '}${countOf(expected, 'order')}`;
}

/** What became of a task that was started: `Replaying 10 orders`, or that it is over or waits. */
export function startedLabel({ action, state, expected, isExpectedExact }: BulkTask): string {
  const { name, doing } = actionLabels[action];
  const many = expectedLabel(expected, isExpectedExact);
  if (state === 'running') return `${doing} ${many}`;
  return `${name} ${many}: ${taskStateLabels[state].name.toLowerCase()}`;
}

/** How far a task is, 0 to 100; undefined where nobody knows how much there is. */
export function percentOf({
  state,
  moved,
  unchanged,
  missing,
  expected,
  isExpectedExact,
}: BulkTask): number | undefined {
  if (state === 'done') return 100;
  const worked = moved + unchanged + missing;
  if (!isExpectedExact && worked >= expected) return undefined;
  return expected === 0 ? 0 : Math.min(100, (worked / expected) * 100);
}

/** What a task has done: `1,200 of 1,204 replayed, 4 had already been changed by others`. */
export function doneLabel(task: BulkTask): string {
  const of = task.isExpectedExact ? count(task.expected) : `at least ${count(task.expected)}`;
  return [
    `${count(task.moved)} of ${of} ${actionLabels[task.action].done}`,
    ...(task.unchanged > 0 ? [`${count(task.unchanged)} had already been changed by others`] : []),
    ...(task.missing > 0 ? [`${countOf(task.missing, 'id')} named no order`] : []),
  ].join(', ');
}

/** How long so many orders take at a rate. */
export function timeNeeded(orders: number, perSecond: number): string {
  return duration(Math.max(1, Math.ceil(orders / Math.max(perSecond, 0.1))) * 1_000);
}

/** How long a running task still takes, where that can be said. */
export function timeLeft(task: BulkTask): string | undefined {
  const left = task.expected - task.moved - task.unchanged - task.missing;
  if (task.state !== 'running' || task.ratePerSecond <= 0 || left <= 0) return undefined;
  return `about ${timeNeeded(left, task.ratePerSecond)} left`;
}
