import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import type { RestoreProgress, Settlement } from '@proofbox/ledger';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { OutboxFile } from '../files/outbox-file.ts';
import type { Outbox } from '../open-outbox.ts';
import { createFakeRedis, openTestOutbox, type FakeRedis } from '../testing/fake-redis.ts';
import { someOrder } from '../testing/test-order.ts';

let folder: string;
let redis: FakeRedis;
let outbox: Outbox | undefined;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'proofbox-restore-'));
  redis = createFakeRedis();
});
afterEach(async () => {
  await outbox?.[Symbol.asyncDispose]();
  outbox = undefined;
  rmSync(folder, { recursive: true });
});

/** Copies of an ingest that is gone, which had seen another Redis than the one that is there. */
function kept(...ids: string[]): void {
  keptIn('k.1.sqlite', ids, (file) => (file.seen = seen()));
}

function keptIn(name: string, ids: string[], change: (file: OutboxFile) => void = () => {}): void {
  using file = new OutboxFile(path.join(folder, name));
  for (const id of ids) file.keep({ ...someOrder({ id }), acceptedAt: 1 }, Date.now());
  change(file);
}

function seen(changes: { id?: string; accepted?: number } = {}): string {
  return JSON.stringify({ id: 'before', beat: 1, accepted: 0, ...changes });
}

function settled(id: string, settlement: Settlement): void {
  keptIn('k.1.sqlite', [], (file) => file.settle(id, settlement));
}

function start(options: { areRepeatable?: boolean } = {}): Outbox {
  outbox = openTestOutbox(redis, { folder, ...options });
  return outbox;
}

function done(): Promise<void> {
  return vi.waitFor(() => expect(redis.calls).toContain('restoreDone'), 30_000);
}

/** As it was reported last. */
function progress(): Promise<RestoreProgress> {
  return vi.waitFor(() => {
    const last = JSON.parse(redis.reports.at(-1) ?? '{}') as RestoreProgress;
    expect(last.isDone).toBe(true);
    return last;
  }, 30_000);
}

function givenOrders(): string[] {
  return redis.calls.filter((each) => / pb-/.test(each));
}

function lookInto<T>(name: string, look: (file: OutboxFile) => T): T {
  using file = new OutboxFile(path.join(folder, name));
  return look(file);
}

const receipt: Settlement = {
  state: 'fulfilled',
  at: 5,
  receipt: 'a.b.c',
  factory: 'primary',
  fulfilledAt: 5,
};
const dead: Settlement = { state: 'dead', at: 5, reason: 'rejected' };

test('what is missing is restored, the ledger first; what is there is left alone', async () => {
  kept('pb-1', 'pb-2', 'pb-3');
  redis.has.set('pb-2', 'baking');
  start();
  await done();
  const calls = redis.calls.filter((each) => / pb-|confirm|restoreDone/.test(each));
  expect(calls).toEqual([
    'restored pb-1 queued',
    'restored pb-3 queued',
    'confirm',
    'add pb-1',
    'add pb-3',
    'restoreDone',
  ]);
  expect(await progress()).toMatchObject({ of: 3, looked: 3, restored: 2, failed: 0 });
});

test('an order that was settled is settled again, and gets no job', async () => {
  kept('pb-1', 'pb-2', 'pb-3', 'pb-4', 'pb-5');
  for (const id of ['pb-1', 'pb-2', 'pb-3']) settled(id, id === 'pb-3' ? dead : receipt);
  redis.has.set('pb-2', 'queued').set('pb-3', 'fulfilled').set('pb-4', 'queued').set('pb-5', 'dead');
  start();
  await done();
  expect(givenOrders()).toEqual(['restored pb-1 fulfilled', 'restored pb-2 fulfilled']);
});

test('where an order must not be sent twice, one of which nobody knows more is held', async () => {
  kept('pb-1', 'pb-2', 'pb-3');
  settled('pb-2', receipt);
  start({ areRepeatable: false });
  await done();
  expect(givenOrders()).toEqual(['restored pb-1 held', 'restored pb-2 fulfilled', 'restored pb-3 held']);
});

test('a Redis that loses its orders while ingest runs gets them back, and those of ingests that are gone', async () => {
  const running = start();
  const living = openTestOutbox(createFakeRedis(), { folder });
  await vi.waitFor(() => expect(redis.calls).toContain('datasetSeen'), 30_000);
  await running.orders.keep({ ...someOrder({ id: 'pb-own' }), acceptedAt: 1 });
  await living.orders.keep({ ...someOrder({ id: 'pb-living' }), acceptedAt: 1 });
  keptIn('k.3.sqlite', ['pb-gone'], (file) => (file.seen = seen({ id: 'one' })));
  redis.lose();
  await done();
  expect([...redis.has]).toEqual([
    ['pb-own', 'queued'],
    ['pb-gone', 'queued'],
  ]);
  expect(running.lossNote).toMatch(/2 were lost and are back, of 2 copies/);
  await living[Symbol.asyncDispose]();
});

test('nothing is given to a Redis that is not fit, and all of it once it is', async () => {
  kept('pb-1');
  redis.state = 'away';
  start();
  await vi.waitFor(() => expect(redis.looks).toBeGreaterThanOrEqual(3), 30_000);
  expect(givenOrders()).toEqual([]);
  redis.state = 'fit';
  await done();
  expect(redis.has.get('pb-1')).toBe('queued');
});

/** @guarantee G1 */
test.for(['restore', 'confirm', 'addAll'] as const)(
  'a Redis that fails in the middle (%s) is asked again, and no order is passed over',
  async (step) => {
    kept('pb-1', 'pb-2', 'pb-3');
    const works = redis[step];
    let calls = 0;
    Object.assign(redis, {
      [step]: async () => {
        calls += 1;
        if (calls === 1) throw new Error('Connection is closed.');
        return (works as () => Promise<unknown>)();
      },
    });
    start();
    await done();
    expect(redis.calls).toContain('flushFailed');
    expect([...redis.has.keys()].toSorted()).toEqual(['pb-1', 'pb-2', 'pb-3']);
    expect(await progress()).toMatchObject({ looked: 3, failed: 0 });
  },
);

test('an order that fails alone holds up no other, and neither does one whose key was used anew', async () => {
  kept('pb-1', 'pb-2', 'pb-3');
  redis.restore = async (id) => {
    if (id === 'pb-1') throw new Error('ERR something of its own');
    return id === 'pb-2' ? 'conflict' : 'restored';
  };
  const running = start();
  await done();
  expect(redis.calls).toContain('flushed failed conflict restored');
  expect(redis.calls).toContain('add pb-3');
  expect(await progress()).toMatchObject({ restored: 1, failed: 2 });
  expect([running.orders.count('delivered'), running.orders.count('conflicted')]).toEqual([2, 1]);
});

test('an order that cannot be read is set aside, and holds up no other', async () => {
  kept('pb-1', 'pb-2', 'pb-3');
  using file = new DatabaseSync(path.join(folder, 'k.1.sqlite'));
  file.exec(`UPDATE orders SET content = '{broken' WHERE seq <> 2`);
  const running = start();
  await done();
  expect([...redis.has.keys()]).toEqual(['pb-2']);
  expect(await progress()).toMatchObject({ of: 3, looked: 1, restored: 1, failed: 2 });
  expect(running.orders.count('conflicted')).toBe(2);
});

test('copies in a file that cannot be read are reported as not restored', async () => {
  kept('pb-1', 'pb-2');
  vi.spyOn(OutboxFile.prototype, 'delivered').mockImplementation(() => {
    throw new Error('disk I/O error');
  });
  start();
  await done();
  expect(redis.calls).toContain('outboxBroken');
  expect(await progress()).toMatchObject({ of: 2, looked: 0, restored: 0, failed: 2 });
  vi.restoreAllMocks();
});

test('a disk that takes nothing keeps no order from being restored', async () => {
  kept('pb-1', 'pb-2');
  redis.restore = async (id) => (id === 'pb-1' ? 'conflict' : 'restored');
  vi.spyOn(StatementSync.prototype, 'run').mockImplementation(() => {
    throw new Error('attempt to write a readonly database');
  });
  start();
  await done();
  expect(redis.has.get('pb-2')).toBe('queued');
  expect(await progress()).toMatchObject({ of: 2, looked: 2, restored: 1, failed: 1 });
  expect(redis.calls.filter((each) => each.startsWith('error'))).toEqual([]);
  vi.restoreAllMocks();
});

test('Redis is told what the process before this one had seen, so that all learn of a loss', async () => {
  kept('pb-1');
  start();
  await vi.waitFor(() => expect(redis.lookedAt).not.toEqual([]), 30_000);
  expect(redis.lookedAt[0]!.slice(-3)).toEqual(['before', 1, 0]);
});

test('a second loss in the middle of it: all is compared again, from the first order on', async () => {
  kept('pb-1', 'pb-2');
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  redis.restore = () => {
    asked.resolve();
    return held.then(() => 'restored');
  };
  start();
  await asked.promise;
  redis.dataset = { ...redis.dataset, id: 'yet another' };
  const looks = redis.calls.filter((each) => each === 'datasetSeen').length;
  await vi.waitFor(
    () => expect(redis.calls.filter((each) => each === 'datasetSeen').length).toBeGreaterThan(looks),
    30_000,
  );
  letGo();
  await done();
  expect(redis.compared).toEqual(['pb-1', 'pb-2', 'pb-1', 'pb-2']);
  expect(await progress()).toMatchObject({ of: 2, looked: 2, failed: 0 });
});

test('until all is compared, the file says so to the process that finds it after a kill', async () => {
  kept('pb-1');
  redis.state = 'away';
  keptIn('k.1.sqlite', [], (file) => file.startDoubt());
  await start()[Symbol.asyncDispose]();
  expect(lookInto('k.1.sqlite', (file) => file.isDue)).toBe(true);
  redis.state = 'fit';
  start();
  await done();
  await outbox![Symbol.asyncDispose]();
  expect(lookInto('k.1.sqlite', (file) => [file.isDue, JSON.parse(file.seen!)])).toEqual([
    false,
    expect.objectContaining({ id: 'one' }),
  ]);
});

test('it stops in the middle when the process does, and the next one goes on', async () => {
  const ids = Array.from({ length: 250 }, (_each, i) => `pb-${i}`);
  kept(...ids);
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  redis.restore = () => {
    asked.resolve();
    return held.then(() => 'restored');
  };
  const stopped = start();
  await asked.promise;
  const stopping = stopped[Symbol.asyncDispose]();
  letGo();
  await stopping;
  expect(redis.compared).toHaveLength(100);
  expect(lookInto('k.1.sqlite', (file) => file.isDue)).toBe(true);
  start();
  await done();
  expect(redis.has.size).toBe(250);
});

test('what was seen of Redis is kept for the next process, but not before what was lost is back', async () => {
  kept('pb-1');
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  redis.restore = () => {
    asked.resolve();
    return held.then(() => 'restored');
  };
  start();
  await asked.promise;
  const looks = redis.calls.filter((each) => each === 'datasetSeen').length;
  await vi.waitFor(
    () => expect(redis.calls.filter((each) => each === 'datasetSeen').length).toBeGreaterThan(looks),
    30_000,
  );
  expect(lookInto('k.1.sqlite', (file) => file.seen)).toBe(seen());
  letGo();
  await vi.waitFor(() => expect(lookInto('k.1.sqlite', (file) => file.seen)).toContain('"id":"one"'), 30_000);
});

test('a mark that cannot be read: the copies are compared with Redis once, and then it is written anew', async () => {
  keptIn('k.1.sqlite', ['pb-1'], (file) => (file.seen = '{'));
  start();
  await done();
  expect(redis.has.get('pb-1')).toBe('queued');
  await vi.waitFor(() => expect(lookInto('k.1.sqlite', (file) => file.seen)).toContain('"id":"one"'), 30_000);
});

test('a file that could not be opened at the start is compared once it can be, whatever it says', async () => {
  writeFileSync(path.join(folder, 'k.1.sqlite'), 'no database');
  start();
  await vi.waitFor(() => expect(redis.calls).toContain('datasetSeen'), 30_000);
  rmSync(path.join(folder, 'k.1.sqlite'));
  keptIn('k.1.sqlite', ['pb-1'], (file) => (file.seen = seen({ id: 'one' })));
  await done();
  expect(redis.has.get('pb-1')).toBe('queued');
});

test('where no copies are kept, a loss is noticed, and nothing is reported as restored', async () => {
  const running = openTestOutbox(redis, { folder, keepHours: 0 });
  outbox = running;
  await vi.waitFor(() => expect(redis.calls).toContain('datasetSeen'), 30_000);
  redis.lose();
  await vi.waitFor(() => expect(running.lossNote).toMatch(/keeps no copies/), 30_000);
  const looks = redis.lookedAt.length;
  await vi.waitFor(() => expect(redis.lookedAt.length).toBeGreaterThan(looks), 30_000);
  expect(redis.calls).not.toContain('restoreDone');
  expect(redis.reports).toEqual([]);
});

test.for<[string, (file: OutboxFile) => void, boolean]>([
  ['killed while it restored orders', (file) => file.startDoubt(), true],
  ['killed before it had noticed the loss', (file) => (file.seen = seen()), true],
  ['that knew of more orders', (file) => (file.seen = seen({ id: 'one', accepted: 9 })), true],
  ['that had seen what is there now', (file) => (file.seen = seen({ id: 'one' })), false],
])(
  'when an ingest is gone, it is known whether its copies have to be compared: one %s',
  async ([, leave, isCompared]) => {
    start();
    await vi.waitFor(() => expect(redis.calls).toContain('datasetSeen'), 30_000);
    keptIn('k.2.sqlite', ['pb-1'], (file) => {
      leave(file);
      file.take({ ...someOrder({ id: 'pb-2' }), acceptedAt: 1 }, { isFull: false });
    });
    const now = performance.now();
    vi.spyOn(performance, 'now').mockReturnValue(now + 11_000);
    await vi.waitFor(() => expect(redis.calls).toContain('add pb-2'), 30_000);
    const name = isCompared ? 'restoreDone' : 'flushed accepted';
    await vi.waitFor(() => expect(redis.calls).toContain(name), 30_000);
    expect(redis.has.has('pb-1')).toBe(isCompared);
    vi.restoreAllMocks();
  },
);

test('a file that is none is reported, and keeps no other from being restored', async () => {
  kept('pb-1');
  writeFileSync(path.join(folder, 'k.7.sqlite'), 'no database');
  start();
  await done();
  expect(redis.calls).toContain('outboxBroken');
  expect(redis.has.get('pb-1')).toBe('queued');
});
