import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import type { Rest } from '@proofbox/ledger';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { JournalFile } from './journal-file.ts';
import { Journal, type JournalOptions } from './journal.ts';
import type { SpooledOrder } from './spool-file.ts';
import { someOrder } from './test-order.ts';

let folder: string;
let clock: { now: number };
let troubles: (string | undefined)[];
let missed: number;
let opened: Journal[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'proofbox-journal-'));
  clock = { now: 1_000_000 };
  troubles = [];
  missed = 0;
  opened = [];
});
afterEach(() => {
  for (const journal of opened) journal[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

function open(changes: Partial<JournalOptions> = {}): Journal {
  const journal = new Journal({
    folder,
    keyTag: 'proofbox',
    now: () => clock.now,
    onTrouble: (trouble) => troubles.push(trouble),
    onMissed: (orders) => (missed += orders),
    ...changes,
  });
  opened.push(journal);
  return journal;
}

function promised(changes: Partial<SpooledOrder> = {}): SpooledOrder {
  return { ...someOrder(changes), acceptedAt: 900_000, ...changes };
}

const receipt: Rest = { state: 'fulfilled', at: 5, receipt: 'a.b.c', factory: 'primary', fulfilledAt: 5 };

function allIn(journal: Journal) {
  return journal.look((file) => file.read(0, 10_000))!;
}

describe('an order', () => {
  test('is kept once, as it was promised, without its double click', async () => {
    const journal = open();
    const order = promised();
    await Promise.all([
      journal.keep({ ...order, doubleClick: { key: 'k', windowMs: 1 } }),
      journal.keep(order),
    ]);
    await journal.keep(order);
    expect(allIn(journal)).toEqual([{ seq: 1, order }]);
    expect(journal.orders).toBe(1);
  });

  test('has how it came to rest; a receipt is the last word', async () => {
    const journal = open();
    const { id } = promised();
    await journal.keep(promised({ id }));
    const dead: Rest = { state: 'dead', at: 4, reason: 'expired' };
    for (const rest of [dead, receipt, dead]) journal.rest(id, rest);
    journal.rest('pb-of-another-ingest', receipt);
    await journal.keep(promised());
    expect(allIn(journal).map(({ rest }) => rest)).toEqual([receipt, undefined]);
    expect(journal.look((file) => file.restless(0, 10))).toHaveLength(1);
    expect(journal.look((file) => file.unsettled([id, allIn(journal)[1]!.order.id]))).toEqual([
      allIn(journal)[1]!.order.id,
    ]);
  });

  test('outlives the process from the moment on at which it is kept', async () => {
    const script = `
      const { Journal } = await import(${JSON.stringify(new URL('journal.ts', import.meta.url).href)});
      const { someOrder } = await import(${JSON.stringify(new URL('test-order.ts', import.meta.url).href)});
      const journal = new Journal({ folder: process.argv[1], keyTag: 'proofbox', onTrouble() {}, onMissed() {} });
      for (let i = 0; i < 50; i += 1) await journal.keep({ ...someOrder(), acceptedAt: 1 });
      process.kill(process.pid, 'SIGKILL');
    `;
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, folder]);
    await expect(run).rejects.toMatchObject({ signal: 'SIGKILL' });
    expect(open().orders).toBe(50);
  });
});

test('orders of one turn share one transaction, and nobody waits for the disk', async () => {
  const exec = vi.spyOn(DatabaseSync.prototype, 'exec');
  const journal = open();
  await Promise.all(Array.from({ length: 100 }, () => journal.keep(promised())));
  const sql = exec.mock.calls.map(([text]) => text);
  expect(sql.filter((text) => text === 'COMMIT')).toHaveLength(1);
  expect(sql.join('\n')).toMatch(/journal_mode = WAL; PRAGMA synchronous = NORMAL/);
  exec.mockRestore();
});

describe('the file', () => {
  function fileSize(): number {
    return statSync(path.join(folder, 'journal/proofbox.1.sqlite')).size;
  }

  test('forgets the oldest first, those whose hours have passed and no others', async () => {
    const journal = open();
    for (let i = 0; i < 10; i += 1) {
      await journal.keep(promised());
      clock.now += 1_000;
    }
    const ids = allIn(journal).map(({ order }) => order.id);
    expect(journal.change((file) => file.prune(1_005_000, 3))).toBe(3);
    expect(journal.change((file) => file.prune(1_005_000, 30))).toBe(2);
    expect(journal.change((file) => file.prune(1_005_000, 30))).toBe(0);
    expect(allIn(journal).map(({ order }) => order.id)).toEqual(ids.slice(5));
    expect(journal.orders).toBe(5);
  });

  test('gives its room back', async () => {
    const journal = open();
    const fill = () => Promise.all(Array.from({ length: 2_000 }, () => journal.keep(promised())));
    const forget = (file: JournalFile) => {
      while (file.prune(Infinity, 500) > 0) file.shrink(250);
    };
    await fill();
    journal[Symbol.dispose]();
    const full = fileSize();
    const again = open();
    again.change(forget);
    again[Symbol.dispose]();
    expect(fileSize()).toBeLessThan(full / 4);
  });

  test('keeps what was seen last, for the next process', () => {
    open().change((file) => file.setMark('{"id":"a"}'));
    opened[0]![Symbol.dispose]();
    expect(open().look((file) => file.mark())).toBe('{"id":"a"}');
  });

  test('of a process that is gone can be gone through; that of a living one is left alone', async () => {
    const [one, two, three] = [open(), open(), open()];
    await two.keep(promised());
    await three.keep(promised());
    two[Symbol.dispose]();
    const seen: number[] = [];
    const broken: Error[] = [];
    writeFileSync(path.join(folder, 'journal/proofbox.7.sqlite'), 'no database');
    await one.withAbandoned(
      async (file) => void seen.push(file.orders),
      (error) => broken.push(error),
    );
    expect(seen).toEqual([1]);
    expect(broken.map(({ message }) => message)).toEqual([
      expect.stringMatching(/proofbox\.7\.sqlite cannot/),
    ]);
    expect(readdirSync(path.join(folder, 'journal')).filter((file) => file.endsWith('.sqlite'))).toHaveLength(
      4,
    );
  });
});

describe('a disk that takes no more', () => {
  test('fails no order: it is told once, counted, and tried again', async () => {
    const journal = open();
    await journal.keep(promised());
    const exec = vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(() => {
      throw new Error('database or disk is full');
    });
    await Promise.all([journal.keep(promised()), journal.keep(promised())]);
    await journal.keep(promised());
    expect(missed).toBe(3);
    expect(troubles).toEqual([expect.stringMatching(/journal in .* cannot be used: .*full/)]);
    exec.mockRestore();
    clock.now += 1_000;
    await journal.keep(promised());
    expect(troubles.at(-1)).toBeUndefined();
    expect(allIn(journal)).toHaveLength(2);
  });

  test('is tried again also when the clock was set back meanwhile', async () => {
    const journal = open();
    const exec = vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementationOnce(() => {
      throw new Error('database or disk is full');
    });
    await journal.keep(promised());
    exec.mockRestore();
    clock.now -= 3_600_000;
    await journal.keep(promised());
    expect([missed, journal.orders, journal.obstacle]).toEqual([1, 1, undefined]);
  });

  test('really: what was kept is there, and the process goes on', async () => {
    const script = `
      const { Journal } = await import(${JSON.stringify(new URL('journal.ts', import.meta.url).href)});
      const { someOrder } = await import(${JSON.stringify(new URL('test-order.ts', import.meta.url).href)});
      let missed = 0;
      const journal = new Journal({ folder: process.argv[1], keyTag: 'proofbox', onTrouble() {}, onMissed: (n) => (missed += n) });
      for (let i = 0; i < 2000 && missed === 0; i += 1) await journal.keep({ ...someOrder({ dinerId: 'x'.repeat(3000) }), acceptedAt: 1 });
      process.stdout.write(JSON.stringify({ missed, orders: journal.orders, obstacle: journal.obstacle }));
    `;
    // Files of this process may not grow beyond 1000 blocks of 512 bytes (1024 in some shells).
    const limited = `ulimit -f 1000; exec "$0" --input-type=module -e "$1" "$2"`;
    const { stdout } = await promisify(execFile)('sh', ['-c', limited, process.execPath, script, folder]);
    const { missed: lost, orders, obstacle } = JSON.parse(stdout) as Record<string, number | string>;
    expect(lost).toBe(1);
    expect(orders).toBeGreaterThan(10);
    expect(obstacle).toMatch(/cannot be used/);
    expect(open().orders).toBe(orders);
  });
});
