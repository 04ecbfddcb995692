import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SeenDataset } from '@proofbox/ledger';
import { Journal } from '@proofbox/spool';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { someOrder } from '../test-order.ts';
import { keepJournal, type KeepJournalOptions } from './keep-journal.ts';
import { lookAtDataset, seenBefore, type LookAtDatasetOptions } from './look-at-dataset.ts';

const hourMs = 3_600_000;
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

function keep(isWell: boolean): AsyncDisposable {
  const options: Partial<Record<keyof KeepJournalOptions, unknown>> = {
    journal,
    hours: 24,
    isWell: () => isWell,
    now: () => clock.now,
    onError() {},
  };
  return keepJournal(options as KeepJournalOptions);
}

test('an order is kept for its hours and no longer', async () => {
  for (const hours of [25, 24.1, 23.9, 1]) await keptHoursAgo(hours);
  const keeper = keep(true);
  await vi.waitFor(() => expect(journal.orders).toBe(2));
  await keeper[Symbol.asyncDispose]();
});

test('while Redis is away or has lost something, nothing is let go of', async () => {
  for (const hours of [48, 25]) await keptHoursAgo(hours);
  const keeper = keep(false);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await keeper[Symbol.asyncDispose]();
  expect(journal.orders).toBe(2);
});

test('what was seen of Redis is kept for the next process, but not before what was lost is back', async () => {
  const seen: SeenDataset = { id: 'a', beat: 1, accepted: 2 };
  const restorer = { isDue: true };
  const options: Partial<Record<keyof LookAtDatasetOptions, unknown>> = {
    journal,
    restorer,
    dataset: { look: async () => undefined, seen: () => seen },
    watch: { answers: true, ask: (work: () => Promise<unknown>) => work() },
    events: { datasetSeen() {} },
    onError() {},
  };
  const first = lookAtDataset(options as LookAtDatasetOptions);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([seenBefore(journal), first.isWell()]).toEqual([undefined, false]);
  await first[Symbol.asyncDispose]();

  restorer.isDue = false;
  await using second = lookAtDataset(options as LookAtDatasetOptions);
  await vi.waitFor(() => expect(seenBefore(journal)).toEqual(seen));
  expect(second.isWell()).toBe(true);
});
