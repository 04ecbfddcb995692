import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SeenDataset } from '@proofbox/ledger';
import { Journal, type JournalFile } from '@proofbox/outbox';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { someOrder } from '../test-order.ts';
import { keepJournal, type KeepJournalOptions } from './keep-journal.ts';
import { lookAtDataset, seenBefore, type LookAtDatasetOptions } from './look-at-dataset.ts';

const hourMs = 3_600_000;
const present: SeenDataset = { id: 'now', beat: 5, accepted: 2 };
let folder: string;
let clock: { now: number };
let journal: Journal;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'proofbox-keep-'));
  clock = { now: 100 * hourMs };
  journal = new Journal({ folder, keyTag: 'k', now: () => clock.now, onTrouble() {}, onMissed() {} });
});
afterEach(() => {
  journal[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

async function keptHoursAgo(hours: number): Promise<void> {
  clock.now -= hours * hourMs;
  await journal.keep({ ...someOrder(), acceptedAt: clock.now });
  clock.now += hours * hourMs;
}

function keep(isWell: boolean | (() => boolean), changes: Partial<KeepJournalOptions> = {}): AsyncDisposable {
  const options: Partial<Record<keyof KeepJournalOptions, unknown>> = {
    journal,
    hours: 24,
    isWell: typeof isWell === 'boolean' ? () => isWell : isWell,
    now: () => clock.now,
    onError() {},
    ...changes,
  };
  return keepJournal(options as KeepJournalOptions);
}

test('an order is kept for its hours and no longer', async () => {
  for (const hours of [25, 24.1, 23.9, 1]) await keptHoursAgo(hours);
  const keeper = keep(true);
  await vi.waitFor(() => expect(journal.orders).toBe(2), 30_000);
  await keeper[Symbol.asyncDispose]();
});

test('while Redis is away or has lost something, nothing is let go of', async () => {
  for (const hours of [48, 25]) await keptHoursAgo(hours);
  // At the start of a turn, and at its end.
  const isWell = vi.fn<() => boolean>(() => false);
  const keeper = keep(isWell);
  await vi.waitFor(() => expect(isWell).toHaveBeenCalledTimes(2), 30_000);
  await keeper[Symbol.asyncDispose]();
  expect(journal.orders).toBe(2);
});

test('what was seen of Redis is kept for the next process, but not before what was lost is back', async () => {
  const seen: SeenDataset = { id: 'a', beat: 1, accepted: 2 };
  const restorer = { isDue: true };
  const look = vi.fn<() => Promise<undefined>>(async () => undefined);
  const options: Partial<Record<keyof LookAtDatasetOptions, unknown>> = {
    journal,
    restorer,
    isPastKnown: true,
    dataset: { look, seen: () => seen },
    watch: { answers: true, ask: (work: () => Promise<unknown>) => work() },
    events: { datasetSeen() {} },
    onError() {},
  };
  const first = lookAtDataset(options as LookAtDatasetOptions);
  await vi.waitFor(() => expect(look).toHaveBeenCalled(), 30_000);
  expect([seenBefore(journal), first.isWell()]).toEqual([{ isKnown: true }, false]);
  await first[Symbol.asyncDispose]();

  restorer.isDue = false;
  await using second = lookAtDataset(options as LookAtDatasetOptions);
  await vi.waitFor(() => expect(seenBefore(journal)).toEqual({ seen, isKnown: true }), 30_000);
  expect(second.isWell()).toBe(true);
});

test('a mark that cannot be read: the journal is held against Redis once, and only then is the mark written anew', async () => {
  journal.change((file) => file.setMark('{'));
  expect(seenBefore(journal)).toEqual({ isKnown: false });
  const restorer = { isDue: false, start: vi.fn<() => void>(() => void (restorer.isDue = true)) };
  const options: Partial<Record<keyof LookAtDatasetOptions, unknown>> = {
    journal,
    restorer,
    isPastKnown: false,
    dataset: { look: async () => undefined, seen: () => ({ id: 'a', beat: 1, accepted: 2 }) },
    watch: { answers: true, ask: (work: () => Promise<unknown>) => work() },
    events: { datasetSeen() {} },
    onError() {},
  };
  const look = lookAtDataset(options as LookAtDatasetOptions);
  await vi.waitFor(() => expect(restorer.start).toHaveBeenCalledOnce(), 30_000);
  expect(journal.look((file) => file.mark())).toBe('{');
  await look[Symbol.asyncDispose]();
});

test.for<[string, (file: JournalFile) => void, boolean]>([
  ['killed while it put orders back', (file) => file.setDue(true), true],
  [
    'killed before it had noticed the loss',
    (file) => file.setMark(JSON.stringify({ ...present, id: 'before' })),
    true,
  ],
  ['that knew of more orders', (file) => file.setMark(JSON.stringify({ ...present, accepted: 9 })), true],
  ['that had seen what is there now', (file) => file.setMark(JSON.stringify(present)), false],
])(
  'the journal of an ingest %s is put back before any of it is let go of: %s',
  async ([, leave, isPutBack]) => {
    await keptHoursAgo(48);
    journal.change(leave);
    const restorer = { start: vi.fn<() => void>() };
    const abandoned = journal.look((file) => file)!;
    const withAbandoned = (work: (file: JournalFile) => Promise<void>): Promise<void> => work(abandoned);
    const keeper = keep(true, {
      journal: { change: () => 0, withAbandoned } as unknown as Journal,
      restorer,
      seen: () => present,
      now: () => (clock.now += 61_000),
      ledger: { find: async () => undefined },
      watch: { answers: true } as unknown as KeepJournalOptions['watch'],
    });
    await vi.waitFor(
      () =>
        expect([restorer.start.mock.calls.length > 0, journal.orders]).toEqual([
          isPutBack,
          isPutBack ? 1 : 0,
        ]),
      30_000,
    );
    await keeper[Symbol.asyncDispose]();
  },
);
