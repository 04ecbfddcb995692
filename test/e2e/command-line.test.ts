import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { userInfo } from 'node:os';
import { deadLetter, type OrderRecord, type ParkReason } from '@proofbox/contract';
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
import { proofboxWith, type Proofbox } from '../support/proofbox-command.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { anOrder } from '../support/shopper.ts';

/** Trouble with Redis fails the test by itself. */
function ignore(): void {}

function oneLine(start: string): RegExp {
  return new RegExp(`^error: ${start}.*\n$`);
}

describe('in a shop', () => {
  let shop: Shop;
  let proofbox: Proofbox;
  beforeAll(async () => {
    const keyTag = `test-${randomUUID()}`;
    shop = await openShop({ keyTag, timings: { waitMs: 0 } });
    proofbox = proofboxWith({ REDIS_URL: inject('redisUrl'), REDIS_KEY_TAG: keyTag });
  });
  afterAll(() => shop?.[Symbol.asyncDispose]());

  async function show(id: string): Promise<OrderRecord & { hasReceipt: boolean }> {
    return JSON.parse((await proofbox('orders', 'show', id, '--json')).stdout);
  }

  /** An order that both factories refuse with 400, once it is a dead letter. */
  async function rejectedOrder(): Promise<string> {
    const poison = { kind: '400', orderMatching: 'anchovies' };
    await Promise.all([shop.primary.misbehave(poison), shop.fallback.misbehave(poison)]);
    const items = [{ menuId: 1, description: `anchovies ${randomUUID()}`, price: 0.0038 }];
    const { body } = await shop.diner.order(anOrder({ items }));
    await eventually(
      () => show(body.order.id),
      (order) => order.state === 'dead',
    );
    return body.order.id;
  }

  test('an order that the factory rejects is found among the dead letters, and its attempt is told', async () => {
    const id = await rejectedOrder();
    const { stdout } = await proofbox('dead', 'list', '--reason', 'rejected', '--diner', '2', '--json');
    const found = deadLetter.array().parse(JSON.parse(stdout).deadLetters);
    expect(found.find((each) => each.id === id)).toMatchObject({
      state: 'dead',
      reason: 'rejected',
      dinerId: '2',
      lastAttempt: { factory: 'primary', outcome: 'rejected', status: 400 },
    });
    const story = await proofbox('dead', 'show', id);
    expect(story).toMatchObject({ code: 0, stderr: '' });
    expect(story.stdout).toMatch(/State +dead: rejected/);
    expect(story.stdout).toMatch(/1 +\S+Z +primary +rejected, 400 +\d+ ms +no +The order is bad/);
    expect(story.stdout).toContain(`dead replay ${id}`);
  });

  test('a replayed order is baked once its factory is mended, and replaying it again bakes nothing more', async () => {
    const id = await rejectedOrder();
    await Promise.all([shop.primary.mend(), shop.fallback.mend()]);
    expect(await proofbox('dead', 'replay', id, '--why', 'mended')).toEqual({
      code: 0,
      stdout: `${id}  replayed\n`,
      stderr: '',
    });
    const baked = await eventually(
      () => show(id),
      (order) => order.state === 'fulfilled',
    );
    expect(baked).toMatchObject({ hasReceipt: true, replays: 1 });
    expect(await proofbox('dead', 'replay', id)).toEqual({
      code: 0,
      stdout: `${id}  already fulfilled\n`,
      stderr: '',
    });
    expect(await show(id)).toMatchObject({ state: 'fulfilled', replays: 1 });
    expect(await shop.primary.order(id)).toMatchObject({ requests: 2, baked: 1 });
    expect(await shop.fallback.order(id)).toMatchObject({ baked: 0 });
  });

  test("no output names the diner or holds the receipt: only the diner's id and that a receipt exists", async () => {
    const { body } = await shop.diner.order();
    const id = body.order.id;
    await eventually(
      () => show(id),
      (order) => order.state === 'fulfilled',
    );
    const { jwt } = (await shop.diner.status(id)).body;
    expect(jwt).toMatch(/^eyJ/);
    const runs = [
      await proofbox('orders', 'show', id),
      await proofbox('orders', 'show', id, '--json'),
      await proofbox('dead', 'list', '--json'),
    ];
    expect(runs[0]!.stdout).toMatch(/Receipt +stored/);
    const all = runs.map((each) => each.stdout + each.stderr).join();
    for (const secret of ['pizza diner', 'd@jwt.com', jwt, 'eyJ']) expect(all).not.toContain(secret);
  });

  test('stats add up: every accepted order is in exactly one state', async () => {
    await rejectedOrder();
    const { counters, books } = await eventually(
      async () => JSON.parse((await proofbox('stats', '--json')).stdout),
      (stats) => stats.oldestPendingAt === null,
    );
    expect(counters.accepted).toBeGreaterThan(0);
    expect(counters.dead).toBeGreaterThan(0);
    expect(counters.accepted).toBe(counters.fulfilled + counters.held + counters.dead + counters.discarded);
    expect(books).toEqual({
      balanced: true,
      accepted: counters.accepted,
      accountedFor: counters.accepted,
    });
  });
});

describe('on a ledger without workers', () => {
  const keyTag = `test-${randomUUID()}`;
  const names = createNames(keyTag);
  const opened = new AsyncDisposableStack();
  let redis: ReturnType<typeof connectFailingFast>;
  /** ms since the epoch; undefined: the ledger's clock runs. */
  let stoppedAt: number | undefined;
  let ledger: Ledger;
  let queue: OrderQueue;
  let proofbox: Proofbox;
  beforeAll(async () => {
    redis = opened.adopt(connectFailingFast({ url: inject('redisUrl'), onError: ignore }), (each) =>
      each.disconnect(),
    );
    await once(redis, 'ready');
    ledger = createLedger({ redis, names, now: () => stoppedAt ?? Date.now() });
    queue = opened.use(createOrderQueue({ redis, names, onError: ignore }));
    proofbox = proofboxWith({ REDIS_URL: inject('redisUrl'), REDIS_KEY_TAG: keyTag });
  });
  afterAll(() => opened.disposeAsync());

  /** A dead letter that nobody will touch. */
  async function deadOrder(
    input: { dinerId?: string; reason?: ParkReason; description?: string } = {},
  ): Promise<string> {
    const { dinerId = '2', reason = 'rejected', description = 'Veggie' } = input;
    const id = `pb-${randomUUID()}`;
    await ledger.accept({
      id,
      fingerprint: id,
      source: 'frontend',
      dinerId,
      request: {
        diner: { id: dinerId },
        order: { id, franchiseId: 1, storeId: 1, items: [{ menuId: 1, description, price: 1 }] },
      },
      deadlineMs: 60_000,
    });
    await ledger.park({ id, reason, state: reason === 'unknown_outcome' ? 'held' : 'dead' });
    return id;
  }

  /** The ids of all pages, one after the other. */
  async function listed(...args: string[]): Promise<string[]> {
    const ids: string[] = [];
    let after: string[] = [];
    for (;;) {
      const { stdout, stderr } = await proofbox('dead', 'list', '--json', ...args, ...after);
      expect(stderr).toBe('');
      const { deadLetters, nextCursor } = JSON.parse(stdout) as {
        deadLetters: { id: string }[];
        nextCursor?: string;
      };
      ids.push(...deadLetters.map((each) => each.id));
      if (nextCursor === undefined) return ids;
      after = ['--after', nextCursor];
    }
  }

  test('page by page, dead and held together, each dead letter is listed exactly once and in order of time', async () => {
    const dinerId = `paged-${randomUUID()}`;
    const ids: string[] = [];
    // Two dead orders share a millisecond, and a page ends between them.
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
    expect(mine(await listed('--limit', '100', '--oldest', '--state', 'held'))).toEqual([ids[1], ids[4]]);
    expect((await listed('--limit', '1', '--diner', dinerId, '--reason', 'rejected')).toSorted()).toEqual(
      [ids[0]!, ids[3]!].toSorted(),
    );
    expect(await listed('--limit', '2', '--diner', dinerId, '--reason', 'expired')).toEqual([ids[2]]);
  });

  test('a replay gives the full deadline again, and the audit log has who and why', async () => {
    const id = await deadOrder();
    const patient = proofboxWith({
      REDIS_URL: inject('redisUrl'),
      REDIS_KEY_TAG: keyTag,
      ORDER_DEADLINE_MS: '3600000',
    });
    await patient('dead', 'replay', id, '--why', 'the factory is mended');
    const record = (await ledger.find(id))!;
    expect(record.state).toBe('queued');
    expect(record.deadlineAt - record.replayedAt!).toBeGreaterThan(3_599_000);
    expect(record.deadlineAt - record.replayedAt!).toBeLessThan(3_601_000);
    const entries = (await redis.xrange(names.audit, '-', '+')).map(([, fields]) => fields);
    expect(entries).toContainEqual(
      expect.arrayContaining(['replay', id, userInfo().username, 'the factory is mended']),
    );
  });

  test('a replay that crashed before it reached the queue is mended by the next one', async () => {
    const id = await deadOrder();
    await ledger.replay({ id, deadlineMs: 60_000, by: 'test', why: 'and then the lights went out' });
    expect(await queue.missing([id])).toEqual([id]);
    expect(await proofbox('dead', 'replay', id)).toMatchObject({
      code: 0,
      stdout: `${id}  already queued\n`,
    });
    expect(await queue.missing([id])).toEqual([]);
  });

  test('of several ids the known ones are replayed, and the exit code tells that one is not known', async () => {
    const [first, second] = [await deadOrder(), await deadOrder()];
    const run = await proofbox('dead', 'replay', first, 'pb-nobody', second, '--json');
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(oneLine('1 of 3 orders not found'));
    expect(JSON.parse(run.stdout)).toEqual([
      { id: first, result: 'replayed' },
      { id: 'pb-nobody', result: 'not_found' },
      { id: second, result: 'replayed' },
    ]);
    expect(await queue.missing([first, second])).toEqual([]);
  });

  test.each([
    [['dead', 'show', 'pb-nobody']],
    [['orders', 'show', 'pb-nobody', '--json']],
    [['dead', 'discard', 'pb-nobody', '--why', 'gone']],
    [['dead', 'replay', 'pb-nobody']],
  ])('%j says that there is no such order, and exits 1', async (args) => {
    const run = await proofbox(...args);
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(oneLine('There is no order pb-nobody'));
  });

  test('a discard needs a reason, and keeps it', async () => {
    const id = await deadOrder();
    expect(await proofbox('dead', 'discard', id)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--why'),
    });
    expect(await proofbox('dead', 'discard', id, '--why', ' ')).toMatchObject({ code: 2 });
    expect(await ledger.find(id)).toMatchObject({ state: 'dead' });
    expect(await proofbox('dead', 'discard', id, '--why', 'refunded')).toMatchObject({ code: 0 });
    expect(await ledger.find(id)).toMatchObject({ state: 'discarded', discardReason: 'refunded' });
    expect((await proofbox('dead', 'replay', id)).stdout).toContain('was discarded');
    expect(await ledger.find(id)).toMatchObject({ state: 'discarded' });
  });

  test('an order that is not at rest cannot be discarded', async () => {
    const id = await deadOrder();
    await proofbox('dead', 'replay', id);
    const run = await proofbox('dead', 'discard', id, '--why', 'changed my mind');
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toMatch(oneLine(`${id} is in the queue`));
  });

  test('a text that a diner chose cannot give orders to the terminal', async () => {
    const id = await deadOrder({ description: 'Veggie\u001b[2J\u202e' });
    const { stdout } = await proofbox('dead', 'show', id);
    expect(stdout).toContain('Veggie');
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test.each([
    [['dead', 'list', '--limit', '0'], '--limit'],
    [['dead', 'list', '--limit', 'many'], '--limit'],
    [['dead', 'list', '--after', 'yesterday'], '--after'],
    [['dead', 'list', '--after', '1.1', '--state', 'dead', '--reason', 'unknown_outcome'], '--state'],
    [['dead', 'list', '--reason', 'bad luck'], '--reason'],
    [['dead', 'lits'], 'list'],
  ])('%j is bad usage, and the answer names what is wrong', async (args, named) => {
    const run = await proofbox(...args);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(/^error: /);
    expect(run.stderr).toContain(named);
  });

  test('books that do not balance are told', async () => {
    await deadOrder();
    await redis.hincrby(names.counters, 'accepted', 1);
    const { code, stdout } = await proofbox('stats');
    expect(code).toBe(0);
    expect(stdout).toContain('1 order cannot be found');
    await redis.hincrby(names.counters, 'accepted', -1);
    expect((await proofbox('stats')).stdout).toContain('The books balance');
  });
});

describe('without a Redis', () => {
  test('a missing REDIS_URL is bad usage, and the answer says what to set', async () => {
    const run = await proofboxWith({})('dead', 'list');
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(oneLine('REDIS_URL is missing.*redis://127\\.0\\.0\\.1:4379'));
  });

  test('help needs none', async () => {
    const { code, stdout } = await proofboxWith({})('dead', 'replay', '--help');
    expect(code).toBe(0);
    expect(stdout).toContain('Examples:');
  });

  test('a Redis that refuses ends the command with 3, and its password is not told', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    const run = await proofboxWith({ REDIS_URL: `redis://:geheim@127.0.0.1:${port}` })('dead', 'list');
    expect(run).toMatchObject({ code: 3, stdout: '' });
    expect(run.stderr).toMatch(oneLine(`Redis at 127\\.0\\.0\\.1:${port} cannot be reached`));
    expect(run.stderr).not.toContain('geheim');
  });

  test('a Redis that never answers ends the command with 3 after 2 s', async () => {
    let connectedAt = 0;
    const server = createServer(() => (connectedAt ||= performance.now())).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const run = await proofboxWith({ REDIS_URL: `redis://127.0.0.1:${port}` })('dead', 'list');
    const elapsedMs = performance.now() - connectedAt;
    server.close();
    expect(run).toMatchObject({ code: 3, stdout: '' });
    expect(run.stderr).toMatch(oneLine('Redis at 127\\.0\\.0\\.1'));
    // Waiting for that Redis to close its end as well would take 4 s.
    expect(elapsedMs).toBeLessThan(3_500);
  });
});
