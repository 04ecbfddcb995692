import type { ReconcileFindings } from '@proofbox/ledger';
import { expect, test } from 'vitest';
import { reconcileView } from './reconcile-view.ts';

const none = { counter: 0, index: 0 };
const clean: ReconcileFindings = {
  balance: {
    accepted: 3,
    known: 3,
    states: {
      queued: none,
      baking: none,
      fulfilled: { counter: 3, index: 3 },
      held: none,
      dead: none,
      discarded: none,
    },
    difference: { counters: 0, indexes: 0, drift: 0 },
    mendedCounters: 0,
  },
  pending: { requeued: [], reclaimed: [], leftToWorker: [], withJob: 0 },
  delayed: [],
  indexes: { misplaced: [], lost: [] },
  jobs: { withoutOrder: 0, settled: 0, stray: [] },
  durationMs: 12,
};

function view(changes: Partial<ReconcileFindings>, mended = false): string {
  const paint = (_style: string, text: string): string => text;
  return reconcileView({ findings: { ...clean, ...changes }, loss: undefined, mended }, { paint, now: 0 });
}

test('a clean ledger is told in one sentence', () => {
  expect(view({})).toContain('Everything fits: 3 orders, checked in 12 ms.\n');
});

test.each<[Partial<ReconcileFindings>, string]>([
  [
    { balance: { ...clean.balance, difference: { counters: 1, indexes: 0, drift: 1 } } },
    '• The ledger does not balance by the counters: 1 missing.\n• Counters and indexes differ by 1.',
  ],
  [
    { balance: { ...clean.balance, difference: { counters: 0, indexes: -2, drift: 0 } } },
    '• The ledger does not balance by the indexes: 2 too many.',
  ],
  [{ indexes: { misplaced: [], lost: ['pb-1'] } }, '• 1 order is in an index without a record: lost: pb-1.'],
  [
    { pending: { ...clean.pending, requeued: ['1', '2', '3', '4', '5', '6'] } },
    '• 6 orders are pending without a job: 1, 2, 3, 4, 5, ….',
  ],
  [
    { pending: { ...clean.pending, leftToWorker: ['pb-1'] } },
    '• 1 order is with an attempt that its worker has not ended; another worker will: pb-1.',
  ],
  [{ jobs: { withoutOrder: 0, settled: 1, stray: [] } }, 'Everything fits'],
  [{ jobs: { withoutOrder: 1, settled: 1, stray: [] } }, '2 jobs are not needed any more'],
])('%j is told', (findings, words) => {
  expect(view(findings)).toContain(words);
});

test('what was mended is told as mended', () => {
  const misplaced = [{ id: 'pb-1', kinds: ['diner' as const] }];
  expect(view({ indexes: { misplaced, lost: [] } }, true)).toContain('in the indexes, mended: pb-1.');
});

test('a Redis that came back with less comes first', () => {
  const loss = { noticedAt: 0, kind: 'other_dataset', acceptedBefore: 7, acceptedAfter: 0 } as const;
  const text = reconcileView(
    { findings: clean, loss, mended: false },
    { paint: (_style, words) => words, now: 5_000 },
  );
  expect(text).toContain('• Redis came back empty');
  expect(text).toContain('at least 7 accepted orders before, and 0 after');
});
