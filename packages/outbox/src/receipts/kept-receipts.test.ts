import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Settled } from '@proofbox/ledger';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { OutboxFiles } from '../files/outbox-files.ts';
import { surveyFiles } from '../files/survey.ts';
import { deliverReceipts, keepReceipts, type KeptReceipt } from './kept-receipts.ts';

let location: { folder: string; shop: string };
let settled: string[];
beforeEach(() => {
  location = { folder: mkdtempSync(path.join(tmpdir(), 'proofbox-receipts-')), shop: 'k' };
  settled = [];
});
afterEach(() => rmSync(location.folder, { recursive: true }));

function receipt(id: string): KeptReceipt {
  return {
    attempt: { id, n: 1, token: 't', factory: 'primary' },
    outcome: { kind: 'fulfilled', receipt: 'a.b.c', status: 200 },
  };
}

function deliver(status: Settled['status'] = 'fulfilled'): Promise<string[]> {
  return deliverReceipts(location, {
    async settle({ outcome, ...attempt }): Promise<Settled> {
      settled.push(JSON.stringify({ attempt, outcome }));
      return { status, countedFailures: 0, isCounted: false };
    },
  });
}

test('a receipt that was kept is given to the ledger once, as it was', async () => {
  keepReceipts(location, [receipt('pb-1'), receipt('pb-2')]);
  keepReceipts(location, [receipt('pb-3')]);
  expect(await deliver()).toEqual(['pb-1', 'pb-2', 'pb-3']);
  expect(settled.map((each) => JSON.parse(each) as unknown)).toEqual(['pb-1', 'pb-2', 'pb-3'].map(receipt));
  expect(await deliver()).toEqual([]);
});

/** @guarantee G10 */
test('it is synced to the disk before the worker goes', () => {
  const exec = vi.spyOn(DatabaseSync.prototype, 'exec');
  keepReceipts(location, [receipt('pb-1')]);
  const sql = exec.mock.calls.map(([text]) => text);
  expect(sql.slice(0, sql.indexOf('COMMIT')).findLast((text) => /synchronous/.test(text))).toMatch(/FULL/);
  exec.mockRestore();
});

/** @guarantee G10 */
test('one of an order that Redis does not know is kept: the order may be restored', async () => {
  keepReceipts(location, [receipt('pb-1')]);
  expect(await deliver('missing')).toEqual([]);
  expect(await deliver('late')).toEqual(['pb-1']);
});

/** @guarantee G10 */
test('a Redis that fails takes none of them away', async () => {
  keepReceipts(location, [receipt('pb-1')]);
  const settle = (): Promise<never> => Promise.reject(new Error('Connection is closed.'));
  await expect(deliverReceipts(location, { settle })).rejects.toThrow('Connection is closed.');
  expect(await deliver()).toEqual(['pb-1']);
});

test('a disk that does not take them says so', () => {
  writeFileSync(path.join(location.folder, 'file'), '');
  const folder = path.join(location.folder, 'file');
  expect(() => keepReceipts({ ...location, folder }, [receipt('pb-1')])).toThrow(/EEXIST|ENOTDIR/);
});

test('no ingest takes their file for its own, and none of another shop is delivered', async () => {
  keepReceipts(location, [receipt('pb-1')]);
  const options = { ...location, maxOrders: 10, keepsCopies: true, onTrouble() {}, onMissed() {} };
  using files = new OutboxFiles(options);
  expect(files.takeOver(() => {})).toEqual([]);
  expect(surveyFiles(location)).toHaveLength(1);
  expect(await deliverReceipts({ ...location, shop: 'other' }, {} as never)).toEqual([]);
  expect(await deliver()).toEqual(['pb-1']);
});
