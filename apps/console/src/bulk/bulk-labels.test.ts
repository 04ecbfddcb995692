import type { BulkTask } from '@proofbox/contract/admin';
import { expect, test } from 'vitest';
import { mergeTasks } from '../live/merge-tasks.ts';
import { targetLabel } from '../labels/filter-labels.ts';
import { doneLabel, expectedLabel, percentOf, startedLabel, timeLeft } from './bulk-labels.ts';

const task: BulkTask = {
  id: 'b1',
  action: 'replay',
  target: { filter: { state: ['dead'], reason: ['rejected'], text: 'oven' } },
  rate: 50,
  why: 'mended',
  by: 'ada',
  state: 'running',
  createdAt: '2026-11-23T12:00:00.000Z',
  expected: 1_204,
  isExpectedExact: true,
  moved: 600,
  unchanged: 2,
  missing: 0,
  ratePerSecond: 50,
};

test('a task says what it has done and how long it still takes', () => {
  expect(doneLabel(task)).toBe('600 of 1,204 replayed, 2 had already been changed by others');
  expect(percentOf(task)).toBe(50);
  expect(timeLeft(task)).toBe('about 13 s left');
  expect(timeLeft({ ...task, ratePerSecond: 0 })).toBeUndefined();
});

test('a task that was started says what it does, and that it is over', () => {
  expect(startedLabel(task)).toBe('Replaying 1,204 orders');
  expect(startedLabel({ ...task, action: 'discard', expected: 1 })).toBe('Discarding 1 order');
  expect(startedLabel({ ...task, state: 'done' })).toBe('Replay 1,204 orders: done');
});

test('where counting was given up, nobody claims to know how much is left', () => {
  const unsure = { ...task, isExpectedExact: false, moved: 1_300 };
  expect(expectedLabel(unsure.expected, false)).toBe('at least 1,204 orders');
  expect(percentOf(unsure)).toBeUndefined();
  expect(percentOf({ ...unsure, state: 'done' })).toBe(100);
});

test('a filter reads as a sentence', () => {
  expect(targetLabel(task.target, 0)).toBe('Dead letter, reason: Refused, error contains “oven”');
  expect(targetLabel({ filter: {} }, 0)).toBe('every dead letter');
  expect(targetLabel({ ids: ['a'] }, 0)).toBe('1 order chosen one by one');
  expect(targetLabel({ ids: ['a'] }, 0, 7)).toBe('7 orders chosen one by one');
});

test('a task that changed replaces itself, and the newest comes first', () => {
  const newer = { ...task, id: 'b2', createdAt: '2026-11-23T12:01:00.000Z' };
  const changed = { ...task, moved: 700 };
  expect(mergeTasks([task], [newer, changed])).toEqual([newer, changed]);
});
