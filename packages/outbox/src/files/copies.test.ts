import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import type { Settlement } from '@proofbox/ledger';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { someOrder } from '../testing/test-order.ts';
import type { OutboxFile } from './outbox-file.ts';
import type { OutboxRow, PromisedOrder } from './outbox-row.ts';
import { OutboxFiles, type OutboxFilesOptions } from './outbox-files.ts';

let folder: string;
let clock: { now: number };
let troubles: (string | undefined)[];
let missed: number;
let opened: OutboxFiles[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'proofbox-copies-'));
  clock = { now: 1_000_000 };
  troubles = [];
  missed = 0;
  opened = [];
});
afterEach(() => {
  for (const files of opened) files[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

function open(changes: Partial<OutboxFilesOptions> = {}): OutboxFiles {
  const files = new OutboxFiles({
    folder,
    shop: 'proofbox',
    maxOrders: 10_000,
    keepsCopies: true,
    now: () => clock.now,
    onTrouble: (trouble) => troubles.push(trouble),
    onMissed: (orders) => (missed += orders),
    ...changes,
  });
  opened.push(files);
  return files;
}

function promised(changes: Partial<PromisedOrder> = {}): PromisedOrder {
  return { ...someOrder(changes), acceptedAt: 900_000, ...changes };
}

const receipt: Settlement = {
  state: 'fulfilled',
  at: 5,
  receipt: 'a.b.c',
  factory: 'primary',
  fulfilledAt: 5,
};

function allIn(files: OutboxFiles): OutboxRow[] {
  return files.own!.delivered({ after: 0, until: Infinity }, 10_000).rows;
}

describe('an order', () => {
  test('is kept once, as it was promised, without its double click', async () => {
    const files = open();
    const order = promised();
    await Promise.all([files.keep({ ...order, doubleClick: { key: 'k', windowMs: 1 } }), files.keep(order)]);
    await files.keep(order);
    expect(allIn(files)).toEqual([{ seq: 1, state: 'delivered', order }]);
    expect(files.count('delivered')).toBe(1);
  });

  test('has how it was settled; a receipt is the last word', async () => {
    const files = open();
    const { id } = promised();
    await files.keep(promised({ id }));
    const dead: Settlement = { state: 'dead', at: 4, reason: 'expired' };
    for (const settlement of [dead, receipt, dead]) files.settle(id, settlement);
    files.settle('pb-of-another-ingest', receipt);
    await files.keep(promised());
    expect(allIn(files).map(({ settlement }) => settlement)).toEqual([receipt, undefined]);
    expect(files.own!.unsettled(0, 10)).toHaveLength(1);
    expect(files.own!.unsettledAmong([id, allIn(files)[1]!.order.id])).toEqual([allIn(files)[1]!.order.id]);
  });

  test('outlives the process from the moment on at which it is kept', async () => {
    const script = `
      const { OutboxFiles } = await import(${JSON.stringify(new URL('outbox-files.ts', import.meta.url).href)});
      const { someOrder } = await import(${JSON.stringify(new URL('../testing/test-order.ts', import.meta.url).href)});
      const files = new OutboxFiles({ folder: process.argv[1], shop: 'proofbox', maxOrders: 1, keepsCopies: true, onTrouble() {}, onMissed() {} });
      for (let i = 0; i < 50; i += 1) await files.keep({ ...someOrder(), acceptedAt: 1 });
      process.kill(process.pid, 'SIGKILL');
    `;
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, folder]);
    await expect(run).rejects.toMatchObject({ signal: 'SIGKILL' });
    expect(open().count('delivered')).toBe(50);
  });
});

test('orders of one turn share one transaction, and nobody waits for the disk', async () => {
  const exec = vi.spyOn(DatabaseSync.prototype, 'exec');
  const files = open();
  await Promise.all(Array.from({ length: 100 }, () => files.keep(promised())));
  const sql = exec.mock.calls.map(([text]) => text);
  expect(sql.filter((text) => text === 'COMMIT')).toHaveLength(1);
  expect(sql.join('\n')).toMatch(/PRAGMA synchronous = NORMAL/);
  expect(sql.join('\n')).not.toMatch(/synchronous = FULL/);
  exec.mockRestore();
});

describe('the file', () => {
  function fileSize(): number {
    return statSync(path.join(folder, 'proofbox.1.sqlite')).size;
  }

  test('forgets the oldest first, those whose hours have passed and no others', async () => {
    const files = open();
    for (let i = 0; i < 10; i += 1) {
      await files.keep(promised());
      clock.now += 1_000;
    }
    const ids = allIn(files).map(({ order }) => order.id);
    expect(files.change((file) => file.prune(1_005_000, 3))).toBe(3);
    expect(files.change((file) => file.prune(1_005_000, 30))).toBe(2);
    expect(files.change((file) => file.prune(1_005_000, 30))).toBe(0);
    expect(allIn(files).map(({ order }) => order.id)).toEqual(ids.slice(5));
    expect(files.count('delivered')).toBe(5);
  });

  test('gives its room back', async () => {
    const files = open();
    const fill = () => Promise.all(Array.from({ length: 2_000 }, () => files.keep(promised())));
    const forget = (file: OutboxFile) => {
      while (file.prune(Infinity, 500) > 0) file.shrink(250);
    };
    await fill();
    files[Symbol.dispose]();
    const full = fileSize();
    const again = open();
    again.change(forget);
    again[Symbol.dispose]();
    expect(fileSize()).toBeLessThan(full / 4);
  });

  test('keeps what was seen last, for the next process', () => {
    open().change((file) => (file.seen = '{"id":"a"}'));
    opened[0]![Symbol.dispose]();
    expect(open().own!.seen).toBe('{"id":"a"}');
  });

  test('says that Redis may have lost its copies, until they have been compared', async () => {
    const [first, second] = [open(), open()];
    await first.keep(promised());
    first.change((file) => file.startDoubt());
    await first.keep(promised());
    expect(first.own!.doubt).toEqual({ after: 0, until: 1 });
    first[Symbol.dispose]();
    const [taken] = second.takeOver(() => {});
    expect([taken!.isDue, taken!.doubt]).toEqual([true, { after: 0, until: 2 }]);
    taken!.endDoubt('{"id":"b"}');
    second[Symbol.dispose]();
    const again = open();
    expect([again.own!.isDue, again.own!.seen]).toEqual([false, '{"id":"b"}']);
  });
});

describe('a disk that takes no more', () => {
  test('fails no order: it is told once, counted, and tried again', async () => {
    const files = open();
    await files.keep(promised());
    const exec = vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(() => {
      throw new Error('database or disk is full');
    });
    await Promise.all([files.keep(promised()), files.keep(promised())]);
    const tries = exec.mock.calls.length;
    await files.keep(promised());
    expect([missed, exec.mock.calls.length]).toEqual([3, tries]);
    expect(troubles).toEqual([expect.stringMatching(/outbox in .* cannot be used: .*full/)]);
    exec.mockRestore();
    clock.now += 1_000;
    await files.keep(promised());
    expect(troubles.at(-1)).toBeUndefined();
    expect(allIn(files)).toHaveLength(2);
  });

  test('is tried again also when the clock was set back meanwhile', async () => {
    const files = open();
    const exec = vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementationOnce(() => {
      throw new Error('database or disk is full');
    });
    await files.keep(promised());
    exec.mockRestore();
    clock.now -= 3_600_000;
    await files.keep(promised());
    expect([missed, files.count('delivered'), files.copyObstacle]).toEqual([1, 1, undefined]);
  });

  test('really: what was kept is there, and the process goes on', async () => {
    const script = `
      const { OutboxFiles } = await import(${JSON.stringify(new URL('outbox-files.ts', import.meta.url).href)});
      const { someOrder } = await import(${JSON.stringify(new URL('../testing/test-order.ts', import.meta.url).href)});
      let missed = 0;
      const files = new OutboxFiles({ folder: process.argv[1], shop: 'proofbox', maxOrders: 1, keepsCopies: true, onTrouble() {}, onMissed: (n) => (missed += n) });
      for (let i = 0; i < 2000 && missed === 0; i += 1) await files.keep({ ...someOrder({ dinerId: 'x'.repeat(3000) }), acceptedAt: 1 });
      process.stdout.write(JSON.stringify({ missed, orders: files.count('delivered'), obstacle: files.copyObstacle }));
    `;
    // Files of this process may not grow beyond 1000 blocks of 512 bytes (1024 in some shells).
    const limited = `ulimit -f 1000; exec "$0" --input-type=module -e "$1" "$2"`;
    const { stdout } = await promisify(execFile)('sh', ['-c', limited, process.execPath, script, folder]);
    const { missed: lost, orders, obstacle } = JSON.parse(stdout) as Record<string, number | string>;
    expect(lost).toBe(1);
    expect(orders).toBeGreaterThan(10);
    expect(obstacle).toMatch(/cannot be used/);
    expect(open().count('delivered')).toBe(orders);
  });
});
