import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Rest } from '@proofbox/ledger';
import { Journal } from '@proofbox/outbox';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { someOrder } from '../test-order.ts';
import { Restorer, type RestorerOptions } from './restorer.ts';

let folder: string;
let journal: Journal;
let told: string[];
let redis: {
  state: string;
  /** State by order id. */
  has: Map<string, string>;
  restore: (id: string) => Promise<string>;
};
let restorer: Restorer;
/** How often it has looked at what Redis is. */
let looks: number;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'proofbox-restore-'));
  journal = open();
  told = [];
  looks = 0;
  redis = { state: 'fit', has: new Map(), restore: async () => 'restored' };
});
afterEach(async () => {
  await restorer[Symbol.asyncDispose]();
  journal[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

function open(): Journal {
  return new Journal({ folder, keyTag: 'k', onTrouble() {}, onMissed() {} });
}

/** A Redis that is told by hand what it has, and may fail between any two steps. */
function start({ areRepeatable = true } = {}): void {
  const options: Partial<Record<keyof RestorerOptions, unknown>> = {
    journal,
    areRepeatable,
    ledger: {
      statesOf: async (ids: string[]) => ids.map((id) => redis.has.get(id)),
      async restore({ order, rest, presumed }: { order: { id: string }; rest?: Rest; presumed?: Rest }) {
        const status = await redis.restore(order.id);
        const state = (rest ?? presumed)?.state ?? 'queued';
        told.push(`${status} ${order.id} ${state}`);
        redis.has.set(order.id, state);
        return status;
      },
    },
    queue: { addAll: async (ids: string[]) => void told.push(...ids.map((id) => `add ${id}`)) },
    replicas: { confirm: async () => void told.push('confirm') },
    watch: {
      get condition() {
        looks += 1;
        return { state: redis.state };
      },
      ask: (work: () => Promise<unknown>) => work(),
    },
    tell: async () => {},
    events: new Proxy({}, { get: (_events, name) => () => void told.push(String(name)) }),
  };
  restorer = new Restorer(options as RestorerOptions);
  restorer.start();
}

async function kept(...ids: string[]): Promise<void> {
  for (const id of ids) await journal.keep({ ...someOrder({ id }), acceptedAt: 1 });
}

function done(): Promise<void> {
  return vi.waitFor(() => expect(restorer.isDue).toBe(false), 30_000);
}

const receipt: Rest = { state: 'fulfilled', at: 5, receipt: 'a.b.c', factory: 'primary', fulfilledAt: 5 };
const dead: Rest = { state: 'dead', at: 5, reason: 'rejected' };

test('what is missing is put back, the ledger first; what is there is left alone', async () => {
  await kept('pb-1', 'pb-2', 'pb-3');
  redis.has.set('pb-2', 'baking');
  start();
  await done();
  expect(told.filter((each) => !each.startsWith('putBack'))).toEqual([
    'restored pb-1 queued',
    'restored pb-3 queued',
    'confirm',
    'add pb-1',
    'add pb-3',
    'restoreDone',
  ]);
  expect(restorer.progress).toMatchObject({ of: 3, looked: 3, putBack: 2, failed: 0, isDone: true });
});

test('an order that had come to rest does so again, and gets no job', async () => {
  await kept('pb-1', 'pb-2', 'pb-3', 'pb-4');
  for (const id of ['pb-1', 'pb-2', 'pb-3']) journal.rest(id, id === 'pb-3' ? dead : receipt);
  await kept('pb-5');
  redis.has.set('pb-2', 'queued').set('pb-3', 'fulfilled').set('pb-4', 'queued').set('pb-5', 'dead');
  start();
  await done();
  expect(told.filter((each) => / pb-/.test(each))).toEqual([
    'restored pb-1 fulfilled',
    'restored pb-2 fulfilled',
  ]);
});

test('where an order must not be sent twice, one of which nobody knows more is held', async () => {
  await kept('pb-1', 'pb-2');
  journal.rest('pb-2', receipt);
  await kept('pb-3');
  start({ areRepeatable: false });
  await done();
  expect(told.filter((each) => / pb-/.test(each))).toEqual([
    'restored pb-1 held',
    'restored pb-2 fulfilled',
    'restored pb-3 held',
  ]);
});

test('the journals of ingests that are gone are gone through, too', async () => {
  const gone = open();
  await gone.keep({ ...someOrder({ id: 'pb-gone' }), acceptedAt: 1 });
  const living = open();
  await living.keep({ ...someOrder({ id: 'pb-living' }), acceptedAt: 1 });
  gone[Symbol.dispose]();
  start();
  await done();
  expect(redis.has).toEqual(new Map([['pb-gone', 'queued']]));
  living[Symbol.dispose]();
});

test('nothing is given to a Redis that is not fit, and all of it once it is', async () => {
  await kept('pb-1');
  redis.state = 'away';
  start();
  await vi.waitFor(() => expect(looks).toBeGreaterThanOrEqual(2), 30_000);
  expect(told).toEqual([]);
  expect(restorer.isDue).toBe(true);
  redis.state = 'fit';
  await done();
  expect(redis.has.get('pb-1')).toBe('queued');
});

test('a Redis that fails in the middle is asked again, and no order is passed over', async () => {
  await kept('pb-1', 'pb-2', 'pb-3');
  let calls = 0;
  redis.restore = async () => {
    calls += 1;
    if (calls === 2) throw new Error('Connection is closed.');
    return 'restored';
  };
  start();
  await done();
  expect(told).toContain('restoreFailed');
  expect([...redis.has.keys()].toSorted()).toEqual(['pb-1', 'pb-2', 'pb-3']);
});

test('an order that fails alone holds up no other, and neither does one whose key was used anew', async () => {
  await kept('pb-1', 'pb-2', 'pb-3');
  redis.restore = async (id) => {
    if (id === 'pb-1') throw new Error('ERR something of its own');
    return id === 'pb-2' ? 'conflict' : 'restored';
  };
  start();
  await done();
  expect(told.filter((each) => each === 'notPutBack')).toHaveLength(2);
  expect(told).toContain('add pb-3');
  expect(restorer.progress).toMatchObject({ putBack: 1, failed: 2, isDone: true });
});

test('orders of a journal that cannot be read are told as not put back', async () => {
  await kept('pb-1', 'pb-2');
  vi.spyOn(journal, 'look').mockImplementation(() => {
    throw new Error('disk I/O error');
  });
  start();
  await done();
  expect(told).toContain('journalBroken');
  expect(restorer.progress).toMatchObject({ of: 2, looked: 0, putBack: 0, failed: 2, isDone: true });
});

test('an order of the journal that cannot be read holds up no other', async () => {
  await kept('pb-1', 'pb-2', 'pb-3');
  const file = new DatabaseSync(path.join(folder, 'journal/k.1.sqlite'));
  file.exec(`UPDATE orders SET content = '{broken' WHERE seq <> 2`);
  file.close();
  start();
  await done();
  expect([...redis.has.keys()]).toEqual(['pb-2']);
  expect(restorer.progress).toMatchObject({ of: 3, looked: 1, putBack: 1, failed: 2, isDone: true });
});

test('a second loss while it is at it is gone through as well', async () => {
  await kept('pb-1', 'pb-2');
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  redis.restore = () => {
    asked.resolve();
    return held.then(() => 'restored');
  };
  start();
  await asked.promise;
  restorer.start();
  redis.restore = async () => 'restored';
  letGo();
  await done();
  expect(told.filter((each) => each === 'restoreDone')).toHaveLength(2);
});

test('it stops in the middle when the process does, and is due still', async () => {
  await kept('pb-1');
  redis.state = 'away';
  start();
  await restorer[Symbol.asyncDispose]();
  expect(restorer.isDue).toBe(true);
});

test('until the end has been come to, the file says so to whoever finds it after a kill', async () => {
  await kept('pb-1');
  redis.state = 'away';
  start();
  await vi.waitFor(() => expect(journal.look((file) => file.isDue())).toBe(true), 30_000);
  redis.state = 'fit';
  await done();
  expect(journal.look((file) => file.isDue())).toBe(false);
});
