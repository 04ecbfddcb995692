import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { someOrder } from '../testing/test-order.ts';
import { OutboxFiles } from './outbox-files.ts';
import { readOrders, surveyFiles } from './survey.ts';

let folder: string;
let opened: Disposable[];
let clock: { now: number };
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'proofbox-survey-'));
  opened = [];
  clock = { now: 5 };
});
afterEach(() => {
  for (const each of opened) each[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

async function open(...ids: string[]): Promise<OutboxFiles> {
  const options = { folder, shop: 'k', maxOrders: 10_000, keepsCopies: true, now: () => clock.now };
  const files = new OutboxFiles({ ...options, onTrouble() {}, onMissed() {} });
  opened.push(files);
  await Promise.all(ids.map((id) => files.put(someOrder({ id }))));
  return files;
}

function setAside(files: OutboxFiles, count: number): void {
  const rows = files.own!.undelivered(0, count).rows;
  files.change((file) =>
    file.commit(() => rows.forEach((row) => file.setAside({ ...row, why: 'taken', at: 9 })), {
      isSynced: false,
    }),
  );
}

test('each file is shown with who uses it and what is in it, and is left as it is', async () => {
  const living = await open('pb-1', 'pb-2');
  const gone = await open('pb-3');
  setAside(gone, 1);
  gone[Symbol.dispose]();
  writeFileSync(path.join(folder, 'k.7.sqlite'), 'no database');
  writeFileSync(path.join(folder, 'k.8.sqlite'), '');
  const nothing = { undelivered: 0, delivered: 0, settled: 0, conflicted: 0 };
  expect(surveyFiles({ folder, shop: 'k' })).toEqual([
    { ...nothing, file: 'k.1.sqlite', isInUse: true, undelivered: 2, oldestAt: 5 },
    { ...nothing, file: 'k.2.sqlite', isInUse: false, conflicted: 1 },
    { ...nothing, file: 'k.7.sqlite', isInUse: false, trouble: 'file is not a database' },
    { ...nothing, file: 'k.8.sqlite', isInUse: false },
  ]);
  expect(living.count('undelivered')).toBe(2);
  expect(surveyFiles({ folder, shop: 'other' })).toEqual([]);
});

test('the copies of a file are shown with their span', async () => {
  const files = await open();
  for (const id of ['pb-1', 'pb-2', 'pb-3']) {
    clock.now += 100;
    await files.keep({ ...someOrder({ id }), acceptedAt: 1 });
  }
  files.settle('pb-1', { state: 'dead', at: 1, reason: 'expired' });
  await files.keep({ ...someOrder({ id: 'pb-3' }), acceptedAt: 1 });
  expect(surveyFiles({ folder, shop: 'k' })).toMatchObject([
    { file: 'k.1.sqlite', isInUse: true, delivered: 3, settled: 1, from: 105, to: 305 },
  ]);
});

test('every order can be read, page by page', async () => {
  const ids = Array.from({ length: 1_200 }, (_each, i) => `pb-${i}`);
  setAside(await open(...ids), 600);
  const stored = readOrders({ folder, shop: 'k' }, ['undelivered', 'conflicted']).toArray();
  const idsOf = (state: string): string[] =>
    stored.flatMap((each) => (each.state === state && 'order' in each ? [each.order.id] : []));
  expect(idsOf('undelivered')).toEqual(ids.slice(600));
  expect(idsOf('conflicted')).toEqual(ids.slice(0, 600));
  expect(stored[0]).toMatchObject({ since: 9, why: 'taken' });
});
