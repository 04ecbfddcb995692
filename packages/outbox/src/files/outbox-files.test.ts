import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { someOrder } from '../testing/test-order.ts';
import type { OutboxRow } from './outbox-row.ts';
import { OutboxError, OutboxFiles, type OutboxFilesOptions } from './outbox-files.ts';

let folder: string;
let clock: { now: number };
let troubles: (string | undefined)[];
let broken: string[];
let opened: OutboxFiles[];
beforeEach(() => {
  folder = path.join(mkdtempSync(path.join(tmpdir(), 'proofbox-outbox-')), 'outbox');
  clock = { now: 1_000_000 };
  troubles = [];
  broken = [];
  opened = [];
});
afterEach(() => {
  for (const files of opened) files[Symbol.dispose]();
  rmSync(path.dirname(folder), { recursive: true });
});

function open(changes: Partial<OutboxFilesOptions> = {}): OutboxFiles {
  const files = new OutboxFiles({
    folder,
    shop: 'proofbox',
    maxOrders: 1_000,
    keepsCopies: true,
    now: () => clock.now,
    onTrouble: (trouble) => troubles.push(trouble),
    onMissed() {},
    ...changes,
  });
  opened.push(files);
  return files;
}

function idsIn(files: OutboxFiles): string[] {
  return files.all.flatMap((file) => file.undelivered(0, 10_000).rows.map(({ order }) => order.id));
}

function undeliveredIn(files: OutboxFiles): OutboxRow[] {
  return files.own?.undelivered(0, 10_000).rows ?? [];
}

/** What a flush writes down. */
function settle(
  files: OutboxFiles,
  { delivered = [], conflicted = [] }: { delivered?: OutboxRow[]; conflicted?: OutboxRow[] },
): void {
  files.change((file) =>
    file.commit(
      () => {
        file.markDelivered(delivered, { at: clock.now, isKept: true });
        for (const row of conflicted) file.setAside({ ...row, why: 'conflict', at: clock.now });
      },
      { isSynced: false },
    ),
  );
}

function countsOf(files: OutboxFiles): number[] {
  return [files.count('undelivered'), files.count('delivered'), files.count('conflicted')];
}

/** Of its own file. */
function numberOf(files: OutboxFiles): number {
  return Number(/\.(\d+)\.sqlite$/.exec(files.own!.path)![1]);
}

function takeOver(files: OutboxFiles): number {
  return files
    .takeOver((error) => broken.push(error.message))
    .reduce((sum, { counts }) => sum + counts.undelivered, 0);
}

describe('an order', () => {
  test('is kept as it is, with the time of its promise', async () => {
    const files = open();
    const order = someOrder({ doubleClick: { key: 'k', windowMs: 5_000 } });
    expect(await files.put(order)).toEqual({ status: 'accepted', id: order.id });
    const { doubleClick: _click, ...promised } = order;
    expect(files.find(order.id)).toEqual({ ...promised, acceptedAt: 1_000_000 });
    expect(files.find('pb-other')).toBeUndefined();
    expect([...countsOf(files), files.oldestAt]).toEqual([1, 0, 0, 1_000_000]);
  });

  test('is on the disk when it is promised: another reader of the file sees it at once', async () => {
    const files = open();
    const order = someOrder();
    await files.put(order);
    using reader = new DatabaseSync(path.join(folder, 'proofbox.1.sqlite'), { readOnly: true });
    expect(reader.prepare('SELECT id FROM orders').all()).toEqual([{ id: order.id }]);
  });

  test('that is promised again after it was delivered is undelivered again, as it was promised first', async () => {
    const files = open();
    const order = someOrder();
    await files.keep({ ...order, acceptedAt: 5 });
    clock.now += 1;
    expect(await files.put(order)).toEqual({ status: 'existing', id: order.id });
    expect(await files.put({ ...order, fingerprint: 'g' })).toMatchObject({ status: 'conflict' });
    expect(files.find(order.id)).toMatchObject({ acceptedAt: 5 });
    expect(countsOf(files)).toEqual([1, 0, 0]);
  });

  test('of the same id and body is the same order, of another body a conflict that changes nothing', async () => {
    const files = open();
    const order = someOrder();
    const statuss = await Promise.all([
      files.put(order),
      files.put(order),
      files.put({ ...order, fingerprint: 'g' }),
    ]);
    expect(statuss.map(({ status }) => status)).toEqual(['accepted', 'existing', 'conflict']);
    expect(files.recall({ ...order, fingerprint: 'g' })).toMatchObject({ status: 'conflict' });
    expect(files.find(order.id)?.fingerprint).toBe('f');
    expect(files.count('undelivered')).toBe(1);
  });

  test('of a double click is the first one, until its window has passed', async () => {
    const files = open();
    const click = () => someOrder({ doubleClick: { key: 'k', windowMs: 5_000 } });
    const first = await files.put(click());
    clock.now += 4_999;
    expect(await files.put(click())).toEqual({ status: 'existing', id: first.id });
    expect(files.recall(click())).toMatchObject({ id: first.id, acceptedAt: 1_000_000 });
    clock.now += 1;
    expect(await files.put(click())).toMatchObject({ status: 'accepted' });
  });
});

test('orders of one turn share one transaction', async () => {
  const files = open();
  const exec = vi.spyOn(DatabaseSync.prototype, 'exec');
  await Promise.all(Array.from({ length: 100 }, () => files.put(someOrder())));
  expect(exec.mock.calls.filter(([sql]) => sql === 'COMMIT')).toHaveLength(1);
  exec.mockRestore();
});

test('what is promised is synced to the disk with its commit, and what Redis has is not waited for', async () => {
  const exec = vi.spyOn(DatabaseSync.prototype, 'exec');
  const files = open();
  /** How each commit since the last call was synced. */
  function commits(): string[] {
    const sql = exec.mock.calls.map(([text]) => text);
    return sql.flatMap((text, i) =>
      text === 'COMMIT' ? [sql.slice(0, i).findLast((each) => /synchronous/.test(each)) ?? 'never set'] : [],
    );
  }
  await files.put(someOrder());
  await files.keep({ ...someOrder(), acceptedAt: 1 });
  await Promise.all([files.keep({ ...someOrder(), acceptedAt: 1 }), files.put(someOrder())]);
  settle(files, { delivered: undeliveredIn(files) });
  const [full, normal] = ['PRAGMA synchronous = FULL', 'PRAGMA synchronous = NORMAL'];
  expect(commits()).toEqual([full, normal, full, normal]);
  expect(exec.mock.calls.join('\n')).toMatch(/journal_mode = WAL/);
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

  test('is a copy when Redis has it, and is set aside when Redis refuses it', async () => {
    const files = open();
    const [delivered, refused, waiting] = [someOrder(), someOrder(), someOrder()];
    for (const order of [delivered, refused, waiting]) await files.put(order);
    const rows = undeliveredIn(files);
    settle(files, { delivered: [rows[0]!], conflicted: [rows[1]!] });
    expect(idsIn(files)).toEqual([waiting.id]);
    expect(countsOf(files)).toEqual([1, 1, 1]);
    files[Symbol.dispose]();
    expect(countsOf(open())).toEqual([1, 1, 1]);
  });

  test('is at most so many, but a repeat of one of them is still the same order', async () => {
    const files = open({ maxOrders: 2 });
    const first = someOrder();
    await files.put(first);
    await files.put(someOrder());
    await expect(files.put(someOrder())).rejects.toThrow(OutboxError);
    expect(files.obstacle()).toMatch(/outbox is full: it has the 2 orders of OUTBOX_MAX_ORDERS/);
    expect(await files.put(first)).toMatchObject({ status: 'existing' });
    settle(files, { delivered: undeliveredIn(files).slice(0, 1) });
    expect(files.obstacle()).toBeUndefined();
  });
});

describe('several processes on one folder', () => {
  test('have a file each, and take over what those leave that are gone', async () => {
    const [one, two] = [open(), open()];
    const orders = [someOrder(), someOrder()];
    await two.put(orders[0]!);
    await two.put(orders[1]!);
    expect(takeOver(one)).toBe(0);
    two[Symbol.dispose]();
    expect(takeOver(one)).toBe(2);
    expect(idsIn(one)).toEqual(orders.map(({ id }) => id));
    expect(one.find(orders[0]!.id)).toMatchObject({ id: orders[0]!.id });
    expect(one.recall(orders[0]!)).toMatchObject({ status: 'existing', acceptedAt: 1_000_000 });
    expect(takeOver(one)).toBe(0);
    expect(open().count('undelivered')).toBe(0);
  });

  test('leave a file that has nothing to deliver to its own process, and keep one that has', async () => {
    const [one, two, three] = [open(), open(), open()];
    await two.put(someOrder());
    await three.keep({ ...someOrder(), acceptedAt: 1 });
    two[Symbol.dispose]();
    three[Symbol.dispose]();
    await one.withTakenOver(
      () => void takeOver(one),
      async (files) => {
        expect(files).toHaveLength(2);
        expect(numberOf(open())).toBe(4);
        // Another one that is done earlier closes none of them.
        await one.withTakenOver(
          () => {},
          async () => {},
        );
        expect(files.map((file) => file.unsettled(0, 9).length)).toEqual([0, 1]);
      },
    );
    expect(one.all).toHaveLength(2);
    const again = open();
    expect([numberOf(again), ...countsOf(again)]).toEqual([3, 0, 1, 0]);
  });

  test('know what one that is gone has promised: a repeat is that order, and what contradicts it is refused', async () => {
    const [one, two] = [open(), open()];
    const first = someOrder();
    await two.put(first);
    two[Symbol.dispose]();
    takeOver(one);
    expect(await one.put(first)).toEqual({ status: 'existing', id: first.id });
    expect(await one.put({ ...first, fingerprint: 'g' })).toMatchObject({ status: 'conflict' });
    expect(one.count('undelivered')).toBe(1);
  });

  test('that promised two orders under one key keep both, until Redis has said which of them was first', async () => {
    const [one, two] = [open(), open()];
    const first = someOrder({ fingerprint: 'a' });
    await one.put(first);
    await two.put({ ...first, fingerprint: 'b' });
    two[Symbol.dispose]();
    takeOver(one);
    expect(one.find(first.id)).toMatchObject({ fingerprint: 'a' });
    expect(idsIn(one)).toEqual([first.id, first.id]);
  });

  test('are not troubled by a file that is broken', async () => {
    const files = open();
    writeFileSync(path.join(folder, 'proofbox.2.sqlite'), 'no database');
    expect(takeOver(files)).toBe(0);
    expect(broken).toEqual([expect.stringMatching(/2\.sqlite cannot be used: .*not a database/)]);
    expect(troubles).toEqual([]);
    expect(await files.put(someOrder())).toMatchObject({ status: 'accepted' });
  });

  test('of two shops never meet', async () => {
    const mine = open({ shop: 'mine' });
    await mine.put(someOrder());
    mine[Symbol.dispose]();
    const theirs = open({ shop: 'mine.1' });
    expect(takeOver(theirs)).toBe(0);
    expect(theirs.count('undelivered')).toBe(0);
    expect(open({ shop: '../a/b' }).obstacle()).toBeUndefined();
  });
});

describe('a folder that cannot be written', () => {
  test('takes no order, says so once, and takes orders again when it can', async () => {
    writeFileSync(folder, 'a file where the folder should be');
    const files = open();
    expect(files.obstacle()).toMatch(/^the outbox in .* cannot be used: /);
    await expect(files.put(someOrder())).rejects.toThrow(/cannot be used/);
    expect(troubles).toHaveLength(1);
    expect([...countsOf(files), files.oldestAt]).toEqual([0, 0, 0, undefined]);
    expect([files.find('pb-1'), files.recall(someOrder()), idsIn(files), takeOver(files)]).toEqual([
      undefined,
      undefined,
      [],
      0,
    ]);

    rmSync(folder);
    mkdirSync(folder);
    clock.now += 1_000;
    expect(files.obstacle()).toBeUndefined();
    expect(troubles).toEqual([expect.any(String), undefined]);
    expect(await files.put(someOrder())).toMatchObject({ status: 'accepted' });
  });
});
