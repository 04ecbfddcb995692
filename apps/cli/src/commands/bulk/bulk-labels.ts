import type { BulkAction, BulkTask } from '@proofbox/contract/admin';
import { counted, inGroups } from '../../terminal/format-number.ts';

/** "Replay", "replayed", … */
export const bulkLabels: Record<BulkAction, { order: string; under: string; done: string }> = {
  replay: { order: 'Replay', under: 'Replaying', done: 'replayed' },
  discard: { order: 'Discard', under: 'Discarding', done: 'discarded' },
};

/** "1,234", or "more than 200,000" where counting ended early. */
export function formatCount(count: number, isExact: boolean): string {
  return isExact ? inGroups(count) : `more than ${inGroups(count)}`;
}

/** Which orders a task is for: "reason exhausted, store 7", "3 orders by id". */
export function targetLabel({ target, expected }: Pick<BulkTask, 'target' | 'expected'>): string {
  // Not how many ids are here: a list of tasks has the first few only.
  if ('ids' in target) return `${counted(expected, 'order')} by id`;
  const { state, ...conditions } = target.filter;
  const isAllDead = state === undefined || (state.includes('dead') && state.includes('held'));
  const labels = [
    ...(isAllDead ? [] : [`state ${state.join(' or ')}`]),
    ...Object.entries(conditions).map(([name, value]) => `${name} ${[value].flat().join(' or ')}`),
  ];
  return labels.length === 0 ? 'all dead letters' : labels.join(', ');
}

/** Orders that the task has dealt with, in whatever way. */
export function doneOf({ moved, unchanged, missing }: BulkTask): number {
  return moved + unchanged + missing;
}

export function hasEnded({ state }: BulkTask): boolean {
  return state === 'done' || state === 'aborted';
}
