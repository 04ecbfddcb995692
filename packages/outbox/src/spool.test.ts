import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readStored } from './survey.ts';
import { someOrder } from './test-order.ts';
import { Spool, SpoolError, type SpoolOptions } from './spool.ts';

let folder: string;
let clock: { now: number };
let troubles: (string | undefined)[];
let opened: Spool[];
beforeEach(() => {
  folder = path.join(mkdtempSync(path.join(tmpdir(), 'proofbox-spool-')), 'spool');
  clock = { now: 1_000_000 };
  troubles = [];
  opened = [];
});
afterEach(() => {
  for (const spool of opened) spool[Symbol.dispose]();
  rmSync(path.dirname(folder), { recursive: true });
});

function open(changes: Partial<SpoolOptions> = {}): Spool {
  const spool = new Spool({
    folder,
    keyTag: 'proofbox',
    maxOrders: 1_000,
    now: () => clock.now,
    onTrouble: (trouble) => troubles.push(trouble),
    ...changes,
  });
  opened.push(spool);
  return spool;
}

function idsIn(spool: Spool): string[] {
  return spool.oldest(10_000).map(({ id }) => id);
}

describe('an order', () => {
  test('is kept as it is, with the time of its promise', async () => {
    const spool = open();
    const order = someOrder({ doubleClick: { key: 'k', windowMs: 5_000 } });
    expect(await spool.put(order)).toEqual({ status: 'accepted', id: order.id });
    expect(spool.find(order.id)).toEqual({ ...order, acceptedAt: 1_000_000 });
    expect(spool.find('pb-other')).toBeUndefined();
    expect(spool).toMatchObject({ orders: 1, parked: 0, oldestAt: 1_000_000 });
  });

  test('is on the disk when it is promised: another reader of the file sees it at once', async () => {
    const spool = open();
    const order = someOrder();
    await spool.put(order);
    using reader = new DatabaseSync(path.join(folder, 'proofbox.1.sqlite'), { readOnly: true });
    expect(reader.prepare('SELECT id FROM waiting').all()).toEqual([{ id: order.id }]);
  });

  test('of the same id and body is the same order, of another body a conflict that changes nothing', async () => {
    const spool = open();
    const order = someOrder();
    const statuses = await Promise.all([
      spool.put(order),
      spool.put(order),
      spool.put({ ...order, fingerprint: 'g' }),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual(['accepted', 'existing', 'conflict']);
    expect(spool.recall({ ...order, fingerprint: 'g' })).toMatchObject({ status: 'conflict' });
    expect(spool.find(order.id)?.fingerprint).toBe('f');
    expect(spool.orders).toBe(1);
  });

  test('of a double click is the first one, until its window has passed', async () => {
    const spool = open();
    const click = () => someOrder({ doubleClick: { key: 'k', windowMs: 5_000 } });
    const first = await spool.put(click());
    clock.now += 4_999;
    expect(await spool.put(click())).toEqual({ status: 'existing', id: first.id });
    expect(spool.recall(click())).toMatchObject({ id: first.id, acceptedAt: 1_000_000 });
    clock.now += 1;
    expect(await spool.put(click())).toMatchObject({ status: 'accepted' });
  });
});

test('orders of one turn share one transaction', async () => {
  const spool = open();
  const exec = vi.spyOn(DatabaseSync.prototype, 'exec');
  await Promise.all(Array.from({ length: 100 }, () => spool.put(someOrder())));
  expect(exec.mock.calls.filter(([sql]) => sql === 'COMMIT')).toHaveLength(1);
  exec.mockRestore();
});

test('the file is written ahead of the reply and synced with each commit', () => {
  const exec = vi.spyOn(DatabaseSync.prototype, 'exec');
  open();
  const sql = exec.mock.calls.map(([text]) => text).join('\n');
  expect(sql).toMatch(/journal_mode = WAL/);
  expect(sql).toMatch(/synchronous = FULL/);
  exec.mockRestore();
});

describe('what waits', () => {
  test('is there again after a restart, in the same order', async () => {
    const first = open();
    const orders = Array.from({ length: 20 }, () => someOrder());
    for (const order of orders) await first.put(order);
    first[Symbol.dispose]();
    expect(idsIn(open())).toEqual(orders.map(({ id }) => id));
    expect(readdirSync(folder).filter((file) => file.endsWith('.sqlite'))).toEqual(['proofbox.1.sqlite']);
  });

  test('leaves when Redis has it, and is set aside when Redis refuses it', async () => {
    const spool = open();
    const [flushed, refused, waiting] = [someOrder(), someOrder(), someOrder()];
    for (const order of [flushed, refused, waiting]) await spool.put(order);
    const entries = spool.oldest(2);
    spool.settle({ flushed: [entries[0]!], parked: [entries[1]!], why: 'conflict' });
    expect(idsIn(spool)).toEqual([waiting.id]);
    expect(spool).toMatchObject({ orders: 1, parked: 1 });
    spool[Symbol.dispose]();
    expect(open()).toMatchObject({ orders: 1, parked: 1 });
  });

  test('is at most so many, but a repeat of one of them is still the same order', async () => {
    const spool = open({ maxOrders: 2 });
    const first = someOrder();
    await spool.put(first);
    await spool.put(someOrder());
    await expect(spool.put(someOrder())).rejects.toThrow(SpoolError);
    expect(spool.obstacle()).toMatch(/spool is full: it has the 2 orders of SPOOL_MAX_ORDERS/);
    expect(await spool.put(first)).toMatchObject({ status: 'existing' });
    spool.settle({ flushed: spool.oldest(1), parked: [], why: '' });
    expect(spool.obstacle()).toBeUndefined();
  });
});

describe('several processes on one folder', () => {
  test('have a file each, and take over what those leave that are gone', async () => {
    const [one, two] = [open(), open()];
    const orders = [someOrder(), someOrder()];
    await two.put(orders[0]!);
    await two.put(orders[1]!);
    expect(one.adopt()).toBe(0);
    two[Symbol.dispose]();
    expect(one.adopt()).toBe(2);
    expect(idsIn(one)).toEqual(orders.map(({ id }) => id));
    expect(one.adopt()).toBe(0);
    expect(open().orders).toBe(0);
  });

  test('that promised two orders under one key keep both: the later one is set aside when it is taken over', async () => {
    const [one, two] = [open(), open()];
    const first = someOrder({ fingerprint: 'a' });
    await one.put(first);
    await two.put({ ...first, fingerprint: 'b' });
    two[Symbol.dispose]();
    one.adopt();
    expect(one.find(first.id)).toMatchObject({ fingerprint: 'a' });
    expect(one).toMatchObject({ orders: 1, parked: 1 });
  });

  test('are not troubled by a file that is broken', async () => {
    const spool = open();
    writeFileSync(path.join(folder, 'proofbox.2.sqlite'), 'no database');
    expect(() => spool.adopt()).toThrow('not a database');
    expect(troubles).toEqual([]);
    expect(await spool.put(someOrder())).toMatchObject({ status: 'accepted' });
  });

  test('of two shops never meet', async () => {
    const mine = open({ keyTag: 'mine' });
    await mine.put(someOrder());
    mine[Symbol.dispose]();
    const theirs = open({ keyTag: 'mine.1' });
    expect(theirs.adopt()).toBe(0);
    expect(theirs.orders).toBe(0);
    expect(open({ keyTag: '../a/b' }).obstacle()).toBeUndefined();
  });
});

describe('a folder that cannot be written', () => {
  test('takes no order, says so once, and takes orders again when it can', async () => {
    writeFileSync(folder, 'a file where the folder should be');
    const spool = open();
    expect(spool.obstacle()).toMatch(/^the spool in .* cannot be used: /);
    await expect(spool.put(someOrder())).rejects.toThrow(/cannot be used/);
    expect(troubles).toHaveLength(1);
    expect(spool).toMatchObject({ orders: 0, parked: 0, oldestAt: undefined });
    expect([spool.find('pb-1'), spool.recall(someOrder()), spool.oldest(5), spool.adopt()]).toEqual([
      undefined,
      undefined,
      [],
      0,
    ]);

    rmSync(folder);
    mkdirSync(folder);
    clock.now += 1_000;
    expect(spool.obstacle()).toBeUndefined();
    expect(troubles).toEqual([expect.any(String), undefined]);
    expect(await spool.put(someOrder())).toMatchObject({ status: 'accepted' });
  });
});

test('an order that cannot be read is set aside, and holds up none of those behind it', async () => {
  const spool = open();
  const [first, broken, last] = [someOrder(), someOrder(), someOrder()];
  for (const order of [first, broken, last]) await spool.put(order);
  using editor = new DatabaseSync(path.join(folder, 'proofbox.1.sqlite'));
  editor.prepare("UPDATE waiting SET content = '{' WHERE id = ?").run(broken.id);
  expect(idsIn(spool)).toEqual([first.id, last.id]);
  expect(spool).toMatchObject({ orders: 2, parked: 1 });
  expect(editor.prepare('SELECT id, why, content FROM parked').all()).toEqual([
    { id: broken.id, why: 'it cannot be read', content: '{' },
  ]);
  expect([...readStored({ folder, keyTag: 'proofbox' }, ['waiting', 'parked'])]).toMatchObject([
    { kind: 'waiting', order: { id: first.id } },
    { kind: 'waiting', order: { id: last.id } },
    { kind: 'unreadable', id: broken.id, content: '{' },
  ]);
});
