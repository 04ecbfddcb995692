import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readOrders } from '../files/survey.ts';
import type { Outbox } from '../open-outbox.ts';
import { createFakeRedis, openTestOutbox, type FakeRedis } from '../testing/fake-redis.ts';
import { someOrder } from '../testing/test-order.ts';

let folder: string;
let redis: FakeRedis;
let outbox: Outbox;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'proofbox-flush-'));
  redis = createFakeRedis();
  redis.state = 'away';
  outbox = openTestOutbox(redis, { folder });
});
afterEach(async () => {
  await outbox[Symbol.asyncDispose]();
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

/** Orders that wait for Redis, which is away until `start`. */
async function undelivered(...ids: string[]): Promise<void> {
  for (const id of ids) await outbox.orders.put(someOrder({ id, doubleClick: { key: id, windowMs: 5_000 } }));
}

function start(): void {
  redis.calls.length = 0;
  redis.state = 'fit';
}

function flushed(): Promise<void> {
  return vi.waitFor(() => expect(outbox.orders.count('undelivered')).toBe(0), 30_000);
}

function idsIn(state: 'undelivered' | 'delivered' | 'conflicted'): string[] {
  const stored = [...readOrders({ folder, shop: 'k' }, [state])];
  return stored.map((each) => ('order' in each ? each.order.id : each.id));
}

/** Without the looks at what Redis is. */
function callsOf(pattern: RegExp): string[] {
  return redis.calls.filter((each) => pattern.test(each));
}

/** @guarantee G5 */
test('orders go to Redis oldest first, ledger before queue, and are delivered after that', async () => {
  await undelivered('pb-1', 'pb-2', 'pb-3');
  start();
  await flushed();
  const accepts = ['accept pb-1', 'accept pb-2', 'accept pb-3'];
  const adds = ['add pb-1', 'add pb-2', 'add pb-3'];
  const done = 'flushed accepted accepted accepted';
  await vi.waitFor(() => expect(redis.calls).toContain(done));
  expect(callsOf(/accept|confirm|add|flushed/)).toEqual([...accepts, 'confirm', ...adds, done]);
});

test('an order that was delivered is kept as it was promised, and its hours count from then', async () => {
  await undelivered('pb-1', 'pb-2');
  const waiting = ['pb-1', 'pb-2'].map((id) => outbox.orders.find(id));
  const before = Date.now();
  start();
  await flushed();
  const kept = [...readOrders({ folder, shop: 'k' }, ['delivered'])];
  expect(kept.map((each) => 'order' in each && each.order)).toEqual(waiting);
  expect(kept.every(({ since }) => since >= before)).toBe(true);
  expect(outbox.orders.count('delivered')).toBe(2);
});

test('where no copies are wanted, an order is forgotten once it was delivered', async () => {
  await outbox[Symbol.asyncDispose]();
  outbox = openTestOutbox(redis, { folder, keepHours: 0 });
  await undelivered('pb-1');
  await outbox.orders.keep({ ...someOrder(), acceptedAt: 1 });
  start();
  await flushed();
  expect([outbox.orders.count('delivered'), idsIn('delivered')]).toEqual([0, []]);
});

test('an order keeps the time of its promise, and its id whatever else was clicked', async () => {
  const accept = vi.spyOn(redis, 'accept');
  await outbox[Symbol.asyncDispose]();
  vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 });
  outbox = openTestOutbox(redis, { folder });
  await undelivered('pb-1');
  vi.setSystemTime(1_060_000);
  start();
  await flushed();
  expect(accept).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ id: 'pb-1', acceptedAt: 1_000_000 }),
  );
  expect(accept.mock.calls[0]![0]).not.toHaveProperty('doubleClick');
});

test.for(['accept', 'confirm', 'addAll'] as const)(
  'an order stays undelivered when Redis fails at %s',
  async (step) => {
    const works = redis[step];
    Object.assign(redis, { [step]: () => Promise.reject(new Error('Connection is closed.')) });
    await undelivered('pb-1', 'pb-2');
    start();
    await vi.waitFor(() => expect(redis.calls).toContain('flushFailed'), 30_000);
    expect(idsIn('undelivered')).toEqual(['pb-1', 'pb-2']);
    Object.assign(redis, { [step]: works });
    await flushed();
  },
);

test('an order that fails alone does not hold up the others, however many fail', async () => {
  redis.accept = async ({ id }) => {
    if (id.startsWith('pb-bad')) throw new Error('ERR something of its own');
    return { status: 'accepted', id };
  };
  const bad = Array.from({ length: 150 }, (_each, i) => `pb-bad-${i}`);
  await Promise.all([...bad, 'pb-good'].map((id) => outbox.orders.put(someOrder({ id }))));
  start();
  await vi.waitFor(() => expect(idsIn('delivered')).toEqual(['pb-good']), 30_000);
  expect(outbox.orders.count('undelivered')).toBe(150);
});

test('an order whose key was taken by another one is set aside and reported, not dropped', async () => {
  redis.accept = async ({ id }) => ({ status: id === 'pb-1' ? 'conflict' : 'existing', id });
  await undelivered('pb-1', 'pb-2');
  start();
  await flushed();
  expect([outbox.orders.count('conflicted'), idsIn('conflicted')]).toEqual([1, ['pb-1']]);
  await vi.waitFor(() => expect(redis.calls).toContain('flushed conflict existing'));
  expect(redis.calls).not.toContain('add pb-1');
});

test('an order that cannot be read is set aside, and holds up none of those behind it', async () => {
  await undelivered('pb-1', 'pb-2', 'pb-3');
  const editor = new DatabaseSync(path.join(folder, 'k.1.sqlite'));
  editor.prepare("UPDATE orders SET content = '{' WHERE id = 'pb-2'").run();
  editor.close();
  start();
  await flushed();
  expect(idsIn('delivered')).toEqual(['pb-1', 'pb-3']);
  expect([...readOrders({ folder, shop: 'k' }, ['conflicted'])]).toMatchObject([
    { state: 'conflicted', id: 'pb-2', why: 'it cannot be read', content: '{' },
  ]);
});

test.for(['away', 'unfit', 'full', 'unknown'])('nothing is given to a Redis that is %s', async (state) => {
  await undelivered('pb-1');
  redis.calls.length = 0;
  redis.state = state;
  const looks = redis.looks;
  await vi.waitFor(() => expect(redis.looks).toBeGreaterThanOrEqual(looks + 3), 30_000);
  expect(redis.calls).toEqual([]);
  expect(outbox.orders.count('undelivered')).toBe(1);
});

test('of two orders under one key, the one that comes second is set aside in its own file', async () => {
  const other = openTestOutbox(redis, { folder });
  await outbox.orders.put(someOrder({ id: 'pb-1', fingerprint: 'a' }));
  await other.orders.put(someOrder({ id: 'pb-1', fingerprint: 'b' }));
  await other[Symbol.asyncDispose]();
  redis.accept = async ({ id, fingerprint }) => ({
    status: fingerprint === 'a' ? 'accepted' : 'conflict',
    id,
  });
  start();
  await vi.waitFor(() => expect(idsIn('conflicted')).toEqual(['pb-1']), 30_000);
  expect(idsIn('delivered')).toEqual(['pb-1']);
});
