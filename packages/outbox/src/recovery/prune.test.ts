import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { OutboxFiles } from '../files/outbox-files.ts';
import { someOrder } from '../testing/test-order.ts';
import { createPruning, type PruneOptions } from './prune.ts';

const hourMs = 3_600_000;
let folder: string;
let clock: { now: number };
let files: OutboxFiles;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'proofbox-prune-'));
  clock = { now: 100 * hourMs };
  files = open();
});
afterEach(() => {
  files[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

function open(): OutboxFiles {
  const options = { folder, shop: 'k', maxOrders: 1_000, keepsCopies: true, now: () => clock.now };
  return new OutboxFiles({ ...options, onTrouble() {}, onMissed() {} });
}

async function keptHoursAgo(hours: number, where = files): Promise<void> {
  clock.now -= hours * hourMs;
  await where.keep({ ...someOrder(), acceptedAt: clock.now });
  clock.now += hours * hourMs;
}

function createPrune(isWell: () => boolean, changes: Partial<PruneOptions> = {}): () => Promise<void> {
  const takeOver = (): void => void files.takeOver(() => {});
  return createPruning({
    files,
    keepHours: 24,
    recovery: {
      takeOver,
      get isWell() {
        return isWell();
      },
    },
    ledger: { find: async () => undefined },
    watch: { answers: true, ask: (work) => work() },
    onBroken() {},
    signal: new AbortController().signal,
    now: () => clock.now,
    ...changes,
  });
}

test('a copy is kept for its hours and no longer, and an order that waits for Redis for ever', async () => {
  await files.put(someOrder());
  clock.now += 48 * hourMs;
  for (const hours of [25, 24.1, 23.9, 1]) await keptHoursAgo(hours);
  await createPrune(() => true)();
  expect([files.count('delivered'), files.count('undelivered')]).toEqual([2, 1]);
});

test('while Redis is away or has lost something, nothing is forgotten', async () => {
  for (const hours of [48, 25]) await keptHoursAgo(hours);
  const isWell = vi.fn<() => boolean>(() => false);
  const prune = createPrune(isWell);
  clock.now += 61_000;
  await prune();
  expect(isWell).toHaveBeenCalledTimes(2);
  expect(files.count('delivered')).toBe(2);
});

test.for([true, false])(
  'of a process that is gone, copies whose hours have passed are forgotten, unless Redis may have lost them: %s',
  async (isDoubted) => {
    const gone = open();
    await keptHoursAgo(48, gone);
    if (isDoubted) gone.change((file) => file.startDoubt());
    gone[Symbol.dispose]();
    const prune = createPrune(() => true);
    clock.now += 61_000;
    await prune();
    const again = isDoubted ? files : open();
    expect(again.count('delivered')).toBe(isDoubted ? 1 : 0);
    again[Symbol.dispose]();
  },
);

test('how orders of a process that is gone were settled is written down', async () => {
  const gone = open();
  await keptHoursAgo(1, gone);
  gone[Symbol.dispose]();
  const dead = { state: 'dead', reason: 'expired', updatedAt: 5 };
  const prune = createPrune(() => true, {
    ledger: { find: async (id) => ({ ...dead, id }) as never },
  });
  clock.now += 61_000;
  await prune();
  using again = open();
  const rows = again.own?.delivered({ after: 0, until: 9 }, 9).rows;
  expect(rows).toMatchObject([{ settlement: { state: 'dead', at: 5, reason: 'expired' } }]);
});
