import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { flushAbandoned } from './flush-abandoned.ts';
import type { BatchTaker } from './give-batch.ts';
import { Journal } from './journal.ts';
import { Spool } from './spool.ts';
import { readStored, surveyJournals, surveySpools } from './survey.ts';
import { someOrder } from './test-order.ts';

let folder: string;
let opened: Disposable[];
const keyTag = 'k';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'proofbox-survey-'));
  opened = [];
});
afterEach(() => {
  for (const each of opened) each[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

async function openSpool(...ids: string[]): Promise<Spool> {
  const spool = new Spool({ folder, keyTag, maxOrders: 10_000, now: () => 5, onTrouble() {} });
  opened.push(spool);
  await Promise.all(ids.map((id) => spool.put(someOrder({ id }))));
  return spool;
}

/** A Redis that takes what it is given, in the order in which it is told. */
function taker(told: string[], changes: Partial<Record<keyof BatchTaker, unknown>> = {}): BatchTaker {
  return {
    watch: { ask: (work: () => Promise<unknown>) => work() },
    ledger: {
      accept: async ({ id }: { id: string }) => (told.push(`accept ${id}`), { status: 'accepted', id }),
    },
    queue: { add: async (id: string) => void told.push(`add ${id}`) },
    replicas: { confirm: async () => void told.push('confirm') },
    journal: undefined,
    ...changes,
  } as unknown as BatchTaker;
}

test('each file is shown with who uses it and what is in it, and is left as it is', async () => {
  const living = await openSpool('pb-1', 'pb-2');
  const gone = await openSpool('pb-3');
  gone.settle({ flushed: [], parked: gone.oldest(1), why: 'taken' });
  gone[Symbol.dispose]();
  writeFileSync(path.join(folder, 'k.7.sqlite'), 'no database');
  writeFileSync(path.join(folder, 'k.8.sqlite'), '');
  expect(surveySpools({ folder, keyTag })).toEqual([
    { file: 'k.1.sqlite', isInUse: true, waiting: 2, parked: 0, oldestAt: 5 },
    { file: 'k.2.sqlite', isInUse: false, waiting: 0, parked: 1 },
    { file: 'k.7.sqlite', isInUse: false, waiting: 0, parked: 0, trouble: 'file is not a database' },
    { file: 'k.8.sqlite', isInUse: false, waiting: 0, parked: 0 },
  ]);
  expect(living.orders).toBe(2);
  expect(surveySpools({ folder, keyTag: 'other' })).toEqual([]);
});

test('a journal is shown with its span', async () => {
  let now = 100;
  const journal = new Journal({ folder, keyTag, now: () => now, onTrouble() {}, onMissed() {} });
  opened.push(journal);
  for (const id of ['pb-1', 'pb-2', 'pb-3']) {
    await journal.keep({ ...someOrder({ id }), acceptedAt: 1 });
    now += 100;
  }
  journal.rest('pb-1', { state: 'dead', at: 1, reason: 'expired' });
  await journal.keep({ ...someOrder({ id: 'pb-3' }), acceptedAt: 1 });
  expect(surveyJournals({ folder, keyTag })).toEqual([
    { file: 'journal/k.1.sqlite', isInUse: true, orders: 3, atRest: 1, from: 100, to: 300 },
  ]);
});

test('every order can be read, page by page', async () => {
  const ids = Array.from({ length: 1_200 }, (_each, i) => `pb-${i}`);
  const spool = await openSpool(...ids);
  spool.settle({ flushed: [], parked: spool.oldest(600), why: 'taken' });
  const stored = readStored({ folder, keyTag }, ['waiting', 'parked']).toArray();
  const idsOf = (wanted: string): string[] =>
    stored.flatMap((each) => (each.kind === wanted && 'order' in each ? [each.order.id] : []));
  expect(idsOf('waiting')).toEqual(ids.slice(600));
  expect(idsOf('parked')).toEqual(ids.slice(0, 600));
});

test('what nobody uses is given to Redis, ledger first; what a living process has is left to it', async () => {
  const gone = await openSpool('pb-1', 'pb-2');
  await openSpool('pb-3');
  gone[Symbol.dispose]();
  const told: string[] = [];
  expect(await flushAbandoned({ folder, keyTag }, taker(told))).toEqual({
    files: 1,
    flushed: 2,
    parked: 0,
    left: 0,
    troubles: [],
  });
  expect(told).toEqual(['accept pb-1', 'accept pb-2', 'confirm', 'add pb-1', 'add pb-2']);
  expect(surveySpools({ folder, keyTag }).map(({ waiting }) => waiting)).toEqual([0, 1]);
});

test('what Redis fails with leaves the orders where they are', async () => {
  const gone = await openSpool('pb-1', 'pb-2');
  gone[Symbol.dispose]();
  const failing = taker([], { queue: { add: () => Promise.reject(new Error('Connection is closed.')) } });
  await expect(flushAbandoned({ folder, keyTag }, failing)).rejects.toThrow('Connection is closed.');
  const refusing = taker([], { ledger: { accept: () => Promise.reject(new Error('ERR of its own')) } });
  expect(await flushAbandoned({ folder, keyTag }, refusing)).toMatchObject({
    flushed: 0,
    left: 2,
    troubles: [expect.stringContaining('ERR of its own'), expect.any(String)],
  });
  expect(surveySpools({ folder, keyTag }).map(({ waiting }) => waiting)).toEqual([2]);
});
