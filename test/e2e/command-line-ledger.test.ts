import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { DeadLetterReason } from '@proofbox/contract';
import { auditEntry, bulkTask, orderPage, overview, type BulkTask } from '@proofbox/contract/admin';
import {
  connectFailingFast,
  createLedger,
  createNames,
  createOrderQueue,
  type Ledger,
  type OrderQueue,
} from '@proofbox/ledger';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { interruptedProofbox, proofboxWith, type Proofbox } from '../support/proofbox-command.ts';
import { openShop, type Shop } from '../support/shop.ts';

const keyTag = `test-${randomUUID()}`;
const names = createNames(keyTag);
const opened = new AsyncDisposableStack();
let redis: ReturnType<typeof connectFailingFast>;
/** ms since the epoch; undefined: the ledger's clock runs. */
let stoppedAt: number | undefined;
let ledger: Ledger;
let queue: OrderQueue;
/** As the command line is set up for each role, with tokens that it has made itself. */
const environments: Record<string, Record<string, string>> = {};
let shop: Shop;
let proofbox: Proofbox;

/** Trouble with Redis fails the test by itself. */
function ignore(): void {}

function oneLine(start: string): RegExp {
  return new RegExp(`^error: ${start}.*\n$`);
}

beforeAll(async () => {
  redis = opened.adopt(connectFailingFast({ url: inject('redisUrl'), onError: ignore }), (each) =>
    each.disconnect(),
  );
  await once(redis, 'ready');
  ledger = createLedger({ redis, names, now: () => stoppedAt ?? Date.now() });
  queue = opened.use(createOrderQueue({ redis, names, onError: ignore }));

  const nobody = proofboxWith({});
  const entries: string[] = [];
  for (const role of ['viewer', 'operator', 'admin']) {
    const { stdout } = await nobody('token', 'new', '--name', `ann-${role}`, '--role', role, '--json');
    const { token, entry } = JSON.parse(stdout);
    environments[role] = { PROOFBOX_TOKEN: token };
    entries.push(entry);
  }
  const admin = { ADMIN_TOKENS: entries.join(','), ORDER_DEADLINE_MS: '3600000' };
  shop = opened.use(await openShop({ keyTag, workers: 0, env: { admin } }));
  for (const each of Object.values(environments)) each['PROOFBOX_URL'] = shop.stack.urls.admin;
  proofbox = proofboxAs('operator');
});
afterAll(() => opened.disposeAsync());

function proofboxAs(role: string): Proofbox {
  return proofboxWith(environments[role]!);
}

function tokenOf(role: string): string {
  return environments[role]!['PROOFBOX_TOKEN']!;
}

/** A dead letter that nobody will touch. */
async function deadOrder(
  input: { dinerId?: string; reason?: DeadLetterReason; description?: string; storeId?: string } = {},
): Promise<string> {
  const { dinerId = '2', reason = 'rejected', description = 'Veggie', storeId = '1' } = input;
  const id = `pb-${randomUUID()}`;
  await ledger.accept({
    id,
    fingerprint: id,
    source: 'frontend',
    dinerId,
    request: {
      diner: { id: dinerId },
      order: { id, franchiseId: 1, storeId, items: [{ menuId: 1, description, price: 1 }] },
    },
    deadlineMs: 60_000,
  });
  await ledger.deadLetter({ id, reason, state: reason === 'unknown_outcome' ? 'held' : 'dead' });
  return id;
}

async function deadOrders(count: number, storeId: string): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, () => deadOrder({ storeId })));
}

/** The ids of all pages, one after the other. */
async function listed(...args: string[]): Promise<string[]> {
  const ids: string[] = [];
  let after: string[] = [];
  for (;;) {
    const { stdout, stderr } = await proofbox('dead', 'list', '--json', ...args, ...after);
    expect(stderr).toBe('');
    const { orders, nextCursor } = orderPage.parse(JSON.parse(stdout));
    ids.push(...orders.map((each) => each.id));
    if (nextCursor === undefined) return ids;
    after = ['--after', nextCursor];
  }
}

describe('lists', () => {
  /** @guarantee G6 */
  test('page by page, dead and held together, each dead letter is listed exactly once and in order of time', async () => {
    const dinerId = `paged-${randomUUID()}`;
    const ids: string[] = [];
    // Some share a millisecond, and a page ends between them.
    stoppedAt = Date.now() - 1_000;
    for (const reason of ['rejected', 'unknown_outcome', 'expired'] as const)
      ids.push(await deadOrder({ dinerId, reason }));
    stoppedAt += 1;
    for (const reason of ['rejected', 'unknown_outcome'] as const)
      ids.push(await deadOrder({ dinerId, reason }));
    stoppedAt = undefined;
    const mine = (all: string[]): string[] => all.filter((id) => ids.includes(id));
    const all = await listed('--limit', '1');
    expect(new Set(all).size).toBe(all.length);
    expect(mine(all).toSorted()).toEqual(ids.toSorted());
    const times = await Promise.all(all.map(async (id) => (await ledger.find(id))!.updatedAt));
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(await listed('--all')).toEqual(all);
    expect(mine(await listed('--limit', '100', '--oldest', '--state', 'held'))).toEqual([ids[1], ids[4]]);
    expect((await listed('--limit', '1', '--diner', dinerId, '--reason', 'rejected')).toSorted()).toEqual(
      [ids[0]!, ids[3]!].toSorted(),
    );
    expect(await listed('--limit', '2', '--diner', dinerId, '--reason', 'expired')).toEqual([ids[2]]);
  });

  test('a list that goes on says how, in words for people and for a spreadsheet on the side', async () => {
    await deadOrders(2, 'two');
    for (const format of [[], ['--csv']]) {
      const { stdout, stderr } = await proofbox('dead', 'list', '--store', 'two', '--limit', '1', ...format);
      const [, cursor = ''] = /--after (\S+), or --all/.exec(stderr) ?? [];
      const rest = ['dead', 'list', '--store', 'two', '--after', cursor, ...format];
      expect(await proofbox(...rest)).toMatchObject({ code: 0, stderr: '' });
      expect((await proofbox(...rest)).stdout).not.toBe(stdout);
    }
  });

  test('a text that a diner chose cannot give orders to the terminal, nor formulas to a spreadsheet', async () => {
    const id = await deadOrder({ description: 'Veggie\u001b[2J\u202e', dinerId: '=1+1' });
    const { stdout } = await proofbox('dead', 'show', id);
    expect(stdout).toContain('Veggie');
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect((await proofbox('dead', 'list', '--diner', '=1+1', '--csv')).stdout).toContain(
      `${id},dead,rejected,'=•••,`,
    );
  });
});

describe('single orders', () => {
  /** @guarantee G6 */
  test('a replay gives the full deadline again, and the audit log has who and why', async () => {
    const id = await deadOrder();
    await proofbox('dead', 'replay', id, '--why', 'the factory is mended');
    const record = (await ledger.find(id))!;
    expect(record.state).toBe('queued');
    expect(record.deadlineAt - record.replayedAt!).toBeGreaterThan(3_599_000);
    expect(record.deadlineAt - record.replayedAt!).toBeLessThan(3_601_000);
    const { stdout } = await proofbox('audit', 'list', '--subject', id, '--json');
    expect(JSON.parse(stdout).entries).toMatchObject([
      { action: 'replay', subject: id, by: 'ann-operator', why: 'the factory is mended' },
    ]);
  });

  test('a replay that crashed before it reached the queue is mended by the next one', async () => {
    const id = await deadOrder();
    await ledger.replay({ id, deadlineMs: 60_000, by: 'test', why: 'and then the lights went out' });
    expect(await queue.missing([id])).toEqual([id]);
    expect(await proofbox('dead', 'replay', id, '--why', 'again')).toMatchObject({
      code: 0,
      stdout: `${id}  already queued\n`,
    });
    expect(await queue.missing([id])).toEqual([]);
  });

  test('of several ids the known ones are replayed, and the exit code tells that one is not known', async () => {
    const [first, second] = [await deadOrder(), await deadOrder()];
    const run = await proofbox('dead', 'replay', first, 'pb-nobody', second, '--why', 'x', '--json');
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(oneLine('1 of 3 orders not found'));
    expect(JSON.parse(run.stdout)).toEqual([
      { id: first, result: 'replayed', state: 'queued' },
      { id: 'pb-nobody', result: 'not_found' },
      { id: second, result: 'replayed', state: 'queued' },
    ]);
    expect(await queue.missing([first, second])).toEqual([]);
  });

  test.each([
    [['dead', 'show', 'pb-nobody']],
    [['orders', 'show', 'pb-nobody', '--json']],
    [['orders', 'reveal', 'pb-nobody', '--why', 'x']],
    [['dead', 'edit', 'pb-nobody', '--why', 'x']],
    [['dead', 'discard', 'pb-nobody', '--why', 'gone', '--yes']],
    [['dead', 'replay', 'pb-nobody', '--why', 'x']],
  ])('%j says that there is no such order, and exits 1', async (args) => {
    const run = await proofbox(...args);
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(oneLine('There is no order pb-nobody'));
  });

  test('a discard needs a reason and a yes, and keeps the reason', async () => {
    const id = await deadOrder();
    const refusals = [[], ['--why', ' '], ['--why', 'refunded']];
    for (const args of refusals) {
      const run = await proofbox('dead', 'discard', id, ...args);
      expect(run).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/--why|--yes/) });
    }
    expect(await ledger.find(id)).toMatchObject({ state: 'dead' });
    const discard = ['dead', 'discard', id, '--why', 'refunded', '--yes'];
    expect(await proofboxAs('viewer')(...discard)).toMatchObject({ code: 4, stdout: '' });
    expect(await ledger.find(id)).toMatchObject({ state: 'dead' });
    expect(await proofbox(...discard)).toMatchObject({ code: 0, stdout: `${id}  discarded\n` });
    expect(await ledger.find(id)).toMatchObject({ state: 'discarded', discardReason: 'refunded' });
    expect((await proofbox(...discard)).stdout).toBe(`${id}  already discarded\n`);
    const replayed = await proofbox('dead', 'replay', id, '--why', 'changed my mind');
    expect(replayed.stdout).toContain('was discarded');
    expect(await ledger.find(id)).toMatchObject({ state: 'discarded' });
  });

  test('an order that waits can be discarded, too', async () => {
    const id = await deadOrder();
    await proofbox('dead', 'replay', id, '--why', 'x');
    const run = await proofbox('dead', 'discard', id, '--why', 'changed my mind', '--yes');
    expect(run).toMatchObject({ code: 0, stdout: `${id}  discarded\n` });
    expect(await ledger.find(id)).toMatchObject({ state: 'discarded', discardReason: 'changed my mind' });
  });
});

describe('bulk tasks', () => {
  async function task(id: string): Promise<BulkTask> {
    return bulkTask.parse((await shop.admin.bearer(tokenOf('viewer')).get(`/api/bulk/${id}`)).body);
  }

  /** A task that would take minutes. */
  async function slowTask(store: string): Promise<string> {
    await deadOrders(200, store);
    const args = ['--store', store, '--why', 'closed', '--rate', '1', '--yes', '--no-wait'];
    const { stdout } = await proofbox('dead', 'discard', ...args);
    const [, id = ''] = /^Bulk task (\S+) is under way/.exec(stdout) ?? [];
    expect(stdout).toContain(`bulk abort ${id}`);
    return id;
  }

  /** @guarantee G6 */
  test('a dry run counts and changes nothing, and neither does a discard without a yes', async () => {
    const ids = await deadOrders(3, 'dry');
    const discard = ['dead', 'discard', '--store', 'dry', '--why', 'closed'];
    const dry = await proofbox(...discard, '--dry-run', '--yes', '--json');
    for (const id of ids) expect(await ledger.find(id)).toMatchObject({ state: 'dead' });
    expect(JSON.parse(dry.stdout)).toMatchObject({ count: 3, isExact: true, byReason: { rejected: 3 } });
    expect(await proofbox(...discard)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('Discard 3 orders for good? There is no terminal to ask at'),
    });
    for (const id of ids) expect(await ledger.find(id)).toMatchObject({ state: 'dead' });
    expect(await proofbox(...discard, '--yes')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Discarded 3 orders in /),
    });
    for (const id of ids) expect(await ledger.find(id)).toMatchObject({ state: 'discarded' });
  });

  test('orders that are named can be a bulk task as well', async () => {
    const ids = await deadOrders(2, 'named');
    const run = await proofbox(
      'dead',
      'replay',
      ...ids,
      'pb-nobody',
      '--why',
      'x',
      '--rate',
      '5000',
      '--yes',
    );
    expect(run).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Replayed 2 orders .* 1 id names no order\.\n$/),
    });
    expect(await queue.missing(ids)).toEqual([]);
  });

  test('Ctrl-C stops the watching and not the task, and says how to go on', async () => {
    const id = await slowTask('watched');
    const run = await interruptedProofbox(environments['operator']!, {
      args: ['bulk', 'watch', id],
      said: /discarded \d+ of 200/,
    });
    expect(run).toMatchObject({ code: 130, stdout: '' });
    expect(run.stderr).toContain('the task goes on');
    expect(run.stderr).toContain(`bulk abort ${id}`);
    expect(await task(id)).toMatchObject({ state: 'running' });
    await proofbox('bulk', 'abort', id);
  });

  test('a task is paused, goes on, and is aborted; whoever watches it is told', async () => {
    const id = await slowTask('stopped');
    const shown = await proofbox('bulk', 'show', id, '--json');
    expect(bulkTask.parse(JSON.parse(shown.stdout))).toMatchObject({ id, state: 'running', expected: 200 });
    expect((await proofbox('bulk', 'pause', id)).stdout).toMatch(/State +paused/);
    expect(await task(id)).toMatchObject({ state: 'paused', action: 'discard', rate: 1, by: 'ann-operator' });
    expect((await proofbox('bulk', 'list')).stdout).toMatch(new RegExp(`${id} +paused +discard`));
    expect((await proofbox('bulk', 'list', '--csv')).stdout).toContain(
      `${id},paused,discard,store stopped,1,200,`,
    );
    expect((await proofbox('bulk', 'resume', id)).stdout).toMatch(/State +running/);
    const watching = proofbox('bulk', 'watch', id);
    await eventually(
      () => task(id),
      ({ moved }) => moved > 0,
    );
    expect((await proofbox('bulk', 'abort', id)).stdout).toMatch(/State +aborted/);
    expect(await watching).toMatchObject({ code: 1, stderr: expect.stringContaining('Aborted: discarded') });
    expect(await proofbox('bulk', 'resume', id)).toMatchObject({ code: 1, stdout: '' });
    expect(await proofboxAs('viewer')('bulk', 'abort', id)).toMatchObject({ code: 4 });
  });
});

describe('people', () => {
  test('a token that the command line has made lets its owner in, under their name and role', async () => {
    const { stdout } = await proofboxAs('viewer')('whoami', '--json');
    expect(JSON.parse(stdout)).toEqual({ name: 'ann-viewer', role: 'viewer' });
    expect((await proofbox('whoami')).stdout).toMatch(/^ann-operator +operator: may also replay/);
  });

  test('the audit log is exported by an admin only, whole and oldest first', async () => {
    const id = await deadOrder();
    await proofbox('dead', 'replay', id, '--why', '=1+1, he said');
    expect(await proofbox('audit', 'export')).toMatchObject({ code: 4, stdout: '' });
    const ndjson = (await proofboxAs('admin')('audit', 'export', '--subject', id)).stdout.trim().split('\n');
    expect(ndjson.map((line) => auditEntry.parse(JSON.parse(line)))).toMatchObject([
      { action: 'replay', by: 'ann-operator', subject: id },
    ]);
    const csv = (await proofboxAs('admin')('audit', 'export', '--format', 'csv', '--subject', id)).stdout;
    expect(csv).toContain(`ann-operator,replay,${id},"'=1+1, he said"`);
    const all = (await proofboxAs('admin')('audit', 'export')).stdout.trim().split('\n');
    const ats = all.map((line) => auditEntry.parse(JSON.parse(line)).at);
    expect(ats).toEqual(ats.toSorted());
    expect(ats.length).toBeGreaterThan(1);
  });
});

test.each([
  [['dead', 'list', '--limit', '0'], '--limit'],
  [['dead', 'list', '--limit', 'many'], '--limit'],
  [['dead', 'list', '--after', 'yesterday'], '--after'],
  [['dead', 'list', '--state', 'dead', '--reason', 'unknown_outcome'], '--state'],
  [['dead', 'list', '--reason', 'bad luck'], '--reason'],
  [['dead', 'list', '--since', 'yesterday'], '--since'],
  [['dead', 'list', '--json', '--csv'], '--csv'],
  [['dead', 'replay', '--why', 'x', '--yes'], '--all'],
  [['dead', 'replay', 'pb-1', '--store', '7', '--why', 'x', '--yes'], 'not both'],
  [['dead', 'replay', '--all', '--store', '7', '--why', 'x', '--yes'], '--all'],
  [['dead', 'replay', '--all', '--why', 'x', '--yes', '--rate', '0'], '--rate'],
  [['factory', 'auto', 'oven', '--why', 'x'], 'primary, fallback'],
  [['token', 'new', '--name', 'a b', '--role', 'viewer'], '--name'],
  [['dead', 'lits'], 'list'],
])('%j is bad usage, and the answer names what is wrong', async (args, named) => {
  const run = await proofbox(...args);
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toMatch(/^error: /);
  expect(run.stderr).toContain(named);
});

/** @guarantee G7 */
test('a ledger that does not balance is told', async () => {
  await deadOrder();
  const stats = async (): Promise<string> => (await proofbox('stats')).stdout;
  await redis.hincrby(names.counters, 'accepted', 1);
  const told = await eventually(stats, (stdout) => stdout.includes('does NOT balance'));
  expect(told).toContain('1 order cannot be found');
  await redis.hincrby(names.counters, 'accepted', -1);
  expect(await eventually(stats, (stdout) => !stdout.includes('NOT'))).toContain('The ledger balances');
});

test('stats --watch shows how everything is again and again until Ctrl-C, and that is no failure', async () => {
  const args = ['stats', '--watch', '--json'];
  const run = await interruptedProofbox(environments['viewer']!, { args, said: /"counts"[^]*"counts"/ });
  expect(run).toMatchObject({ code: 0, stderr: '' });
  const lines = run.stdout.trim().split('\n');
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) overview.parse(JSON.parse(line));
});
