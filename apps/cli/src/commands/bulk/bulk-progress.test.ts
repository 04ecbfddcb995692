import type { BulkTask, OrderFilter } from '@proofbox/contract/admin';
import { expect, test } from 'vitest';
import { progressLine, progressSentence } from './bulk-progress.ts';
import { targetLabel } from './bulk-labels.ts';
import { bulkEnd } from './bulk-view.ts';
import { createPaint } from '../../terminal/terminal.ts';

const task: BulkTask = {
  id: 't1',
  action: 'replay',
  target: { filter: { state: ['dead', 'held'] } },
  rate: 100,
  why: 'x',
  by: 'ann',
  state: 'running',
  createdAt: '2026-11-23T06:15:00.000Z',
  expected: 5_000,
  isExpectedExact: true,
  moved: 2_890,
  unchanged: 10,
  missing: 0,
  ratePerSecond: 100,
};

function line(changes: Partial<BulkTask>, width = 100): string {
  return progressLine({ ...task, ...changes }, { paint: createPaint({ hasColours: false }), width });
}

test('a bar, how many of how many, how fast, and how long it takes', () => {
  const bar = `${'█'.repeat(23)}${'░'.repeat(17)}`;
  expect(line({})).toBe(`Replaying  ${bar}  2,900 of 5,000  58 %  100/s  21 s left`);
  expect(progressSentence(task)).toBe('replayed 2,900 of 5,000, 58 %, 100/s, 21 s left');
});

test('it never takes more than one line of the screen', () => {
  for (const width of [20, 40, 60, 80]) {
    expect(line({ trouble: 'Redis does not answer' }, width).length).toBeLessThan(width);
  }
});

test('what is paused, in trouble, uncounted or empty is told as such', () => {
  expect(line({ state: 'paused' })).toMatch(/^Paused .*58 %$/);
  expect(line({ trouble: 'Redis does not answer' })).toContain('Redis does not answer');
  expect(line({ isExpectedExact: false })).toMatch(/2,900 of more than 5,000 {2}100\/s$/);
  expect(line({ expected: 0, moved: 0, unchanged: 0 })).toContain('0 of 0  100 %');
});

test('the end in a sentence', () => {
  const done = { ...task, state: 'done', moved: 1, missing: 2, endedAt: '2026-11-23T06:15:12.000Z' } as const;
  expect(bulkEnd(done)).toBe(
    'Replayed 1 order in 12.0 s. 10 had already been changed by others. 2 ids name no order.',
  );
  expect(bulkEnd({ ...done, state: 'aborted', unchanged: 0, missing: 0 })).toBe(
    'Aborted: replayed 1 order in 12.0 s.',
  );
});

test('which orders a task is for, in words', () => {
  expect(targetLabel(task)).toBe('all dead letters');
  expect(targetLabel({ target: { ids: ['a', 'b'] }, expected: 1_000 })).toBe('1,000 orders by id');
  const filter: OrderFilter = { state: ['held'], reason: ['expired', 'rejected'], store: '7' };
  expect(targetLabel({ ...task, target: { filter } })).toBe(
    'state held, reason expired or rejected, store 7',
  );
});
