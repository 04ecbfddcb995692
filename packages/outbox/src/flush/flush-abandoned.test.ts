import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { OutboxFiles } from '../files/outbox-files.ts';
import { surveyFiles } from '../files/survey.ts';
import { createFakeRedis, type FakeRedis } from '../testing/fake-redis.ts';
import { someOrder } from '../testing/test-order.ts';
import { flushAbandoned, type FlushedFiles } from './flush-abandoned.ts';

let folder: string;
let redis: FakeRedis;
let opened: Disposable[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'proofbox-abandoned-'));
  redis = createFakeRedis();
  opened = [];
});
afterEach(() => {
  for (const each of opened) each[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

async function open(...ids: string[]): Promise<OutboxFiles> {
  const options = { folder, shop: 'k', maxOrders: 10_000, keepsCopies: true };
  const files = new OutboxFiles({ ...options, onTrouble() {}, onMissed() {} });
  opened.push(files);
  await Promise.all(ids.map((id) => files.put(someOrder({ id }))));
  return files;
}

function flush(): Promise<FlushedFiles> {
  return flushAbandoned({ location: { folder, shop: 'k' }, keepsCopies: true, ...redis.parts() });
}

function counts(): number[][] {
  return surveyFiles({ folder, shop: 'k' }).map(({ undelivered, delivered }) => [undelivered, delivered]);
}

test('what nobody uses is given to Redis, ledger first; what a living process has is left to it', async () => {
  const gone = await open('pb-1', 'pb-2');
  await open('pb-3');
  gone[Symbol.dispose]();
  expect(await flush()).toEqual({ files: 1, delivered: 2, conflicted: 0, left: 0, troubles: [] });
  expect(redis.calls).toEqual(['accept pb-1', 'accept pb-2', 'confirm', 'add pb-1', 'add pb-2']);
  expect(counts()).toEqual([
    [0, 2],
    [1, 0],
  ]);
});

test('what Redis fails with leaves the orders where they are', async () => {
  const gone = await open('pb-1', 'pb-2');
  gone[Symbol.dispose]();
  redis.addAll = () => Promise.reject(new Error('Connection is closed.'));
  await expect(flush()).rejects.toThrow('Connection is closed.');
  redis.addAll = async () => {};
  redis.accept = () => Promise.reject(new Error('ERR of its own'));
  expect(await flush()).toMatchObject({
    delivered: 0,
    left: 2,
    troubles: [expect.stringContaining('ERR of its own'), expect.any(String)],
  });
  expect(counts()).toEqual([[2, 0]]);
});

test('a file that is none is named, and keeps no other from being flushed', async () => {
  writeFileSync(path.join(folder, 'k.0.sqlite'), 'no database');
  const gone = await open('pb-1');
  gone[Symbol.dispose]();
  expect(await flush()).toMatchObject({ delivered: 1, troubles: [expect.stringContaining('k.0.sqlite: ')] });
});
