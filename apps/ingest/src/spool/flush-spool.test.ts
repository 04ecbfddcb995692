import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Accepted, NewOrder } from '@proofbox/ledger';
import { Journal, Spool } from '@proofbox/outbox';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { someOrder } from '../test-order.ts';
import { flushSpool, type FlushOptions } from './flush-spool.ts';

let folder: string;
let spool: Spool;
let journal: Journal;
let clock: { now: number };
let told: string[];
/** How often it has looked at what Redis is. */
let looks: number;
let redis: {
  state: string;
  accept: (order: NewOrder) => Promise<Accepted>;
  confirm: () => Promise<void>;
  add: (id: string) => Promise<void>;
};
let flush: AsyncDisposable | undefined;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'proofbox-flush-'));
  clock = { now: 1_000_000 };
  spool = new Spool({ folder, keyTag: 'k', maxOrders: 1_000, now: () => clock.now, onTrouble() {} });
  journal = new Journal({ folder, keyTag: 'k', onTrouble() {}, onMissed() {} });
  told = [];
  looks = 0;
  redis = {
    state: 'fit',
    accept: async ({ id }) => ({ status: 'accepted', id }),
    confirm: async () => {},
    add: async () => {},
  };
});
afterEach(async () => {
  await flush?.[Symbol.asyncDispose]();
  flush = undefined;
  spool[Symbol.dispose]();
  journal[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

/** A Redis that is told by hand what it does, so that it can fail between any two steps. */
function start(): void {
  const watch = {
    get condition() {
      looks += 1;
      return { state: redis.state };
    },
    ask: (work: () => Promise<unknown>) => work(),
  };
  const options: Partial<Record<keyof FlushOptions, unknown>> = {
    spool,
    journal,
    watch,
    ledger: { accept: (order: NewOrder) => (told.push(`accept ${order.id}`), redis.accept(order)) },
    queue: { add: (id: string) => (told.push(`add ${id}`), redis.add(id)) },
    replicas: { confirm: () => (told.push('confirm'), redis.confirm()) },
    events: new Proxy({}, { get: (_events, name) => () => void told.push(String(name)) }),
  };
  flush = flushSpool(options as FlushOptions);
}

async function spooled(...ids: string[]): Promise<void> {
  for (const id of ids) await spool.put(someOrder({ id, doubleClick: { key: id, windowMs: 5_000 } }));
}

test('orders go to Redis oldest first, ledger before queue, and leave the spool after that', async () => {
  await spooled('pb-1', 'pb-2', 'pb-3');
  start();
  await vi.waitFor(() => expect(spool.orders).toBe(0), 30_000);
  const accepts = ['accept pb-1', 'accept pb-2', 'accept pb-3'];
  const adds = ['add pb-1', 'add pb-2', 'add pb-3'];
  expect(told).toEqual([...accepts, 'confirm', ...adds, 'flushed']);
});

test('an order is in the journal before it leaves the spool, as it was promised', async () => {
  await spooled('pb-1', 'pb-2');
  const waiting = spool.oldest(5);
  const settle = vi.spyOn(spool, 'settle').mockImplementation(() => {
    told.push(`journaled ${journal.orders}`);
  });
  start();
  await vi.waitFor(() => expect(settle).toHaveBeenCalled(), 30_000);
  expect(told.find((each) => each.startsWith('journaled'))).toBe('journaled 2');
  settle.mockRestore();
  expect(journal.look((file) => file.read(0, 5))?.map(({ order }) => order)).toEqual(
    waiting.map(({ doubleClick: _click, ...order }) => order),
  );
});

test('an order keeps the time of its promise, and its id whatever else was clicked', async () => {
  const accept = vi.spyOn(redis, 'accept');
  await spooled('pb-1');
  clock.now += 60_000;
  start();
  await vi.waitFor(() => expect(spool.orders).toBe(0), 30_000);
  expect(accept).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ id: 'pb-1', acceptedAt: 1_000_000 }),
  );
  expect(accept.mock.calls[0]![0]).not.toHaveProperty('doubleClick');
});

test.for(['accept', 'confirm', 'add'] as const)(
  'an order stays in the spool when Redis fails at %s',
  async (step) => {
    const works = redis[step];
    Object.assign(redis, { [step]: () => Promise.reject(new Error('Connection is closed.')) });
    await spooled('pb-1', 'pb-2');
    start();
    await vi.waitFor(() => expect(told).toContain('flushFailed'), 30_000);
    expect(spool.orders).toBe(2);
    Object.assign(redis, { [step]: works });
    await vi.waitFor(() => expect(spool.orders).toBe(0), 30_000);
  },
);

test('an order that fails alone does not hold up the others', async () => {
  redis.accept = async ({ id }) => {
    if (id === 'pb-1') throw new Error('ERR something of its own');
    return { status: 'accepted', id };
  };
  await spooled('pb-1', 'pb-2', 'pb-3');
  start();
  await vi.waitFor(() => expect(spool.oldest(5).map(({ id }) => id)).toEqual(['pb-1']), 30_000);
});

test('an order whose key was taken by another one is set aside and told, not dropped', async () => {
  redis.accept = async ({ id }) => ({ status: id === 'pb-1' ? 'conflict' : 'existing', id });
  await spooled('pb-1', 'pb-2');
  start();
  await vi.waitFor(() => expect(spool.orders).toBe(0), 30_000);
  expect(spool.parked).toBe(1);
  expect(told).toContain('parked');
  expect(told).not.toContain('add pb-1');
});

test.for(['away', 'unfit', 'full', 'unknown'])('nothing is given to a Redis that is %s', async (state) => {
  redis.state = state;
  await spooled('pb-1');
  start();
  await vi.waitFor(() => expect(looks).toBeGreaterThanOrEqual(2), 30_000);
  expect(told).toEqual([]);
  expect(spool.orders).toBe(1);
});
