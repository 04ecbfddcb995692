import { cp, rm, writeFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { askRedis, ensureRedis, type Redis, type StackOptions } from '@proofbox/local';
import { describe, expect, test } from 'vitest';
import { openBooks, type Books } from '../support/backlog.ts';
import { eventually } from '../support/eventually.ts';
import { readMetrics } from '../support/metrics.ts';
import { proofboxWith, type Proofbox } from '../support/proofbox-command.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { anOrder, createShopper } from '../support/shopper.ts';
import { untilDatasetSeen } from '../support/until-dataset-seen.ts';

type OwnShop = AsyncDisposable & {
  redis: Redis;
  shop: Shop;
  balance: Books;
  proofbox: Proofbox;
  outboxDir: string;
};

/** A shop on a Redis of its own, which may be emptied, and with an outbox folder that can be looked into. */
async function openOwnShop(options: StackOptions = {}): Promise<OwnShop> {
  await using opened = new AsyncDisposableStack();
  const dataDir = opened.adopt(await mkdtemp(path.join(tmpdir(), 'proofbox-restore-')), (dir) =>
    rm(dir, { recursive: true, force: true }),
  );
  const redis = opened.use(await ensureRedis());
  const keyTag = 'own';
  const shop = opened.use(
    await openShop({ redisUrl: redis.url, keyTag, fallback: false, admin: false, dataDir, ...options }),
  );
  const balance = opened.use(openBooks({ redisUrl: redis.url, keyTag }));
  const running = opened.move();
  return {
    redis,
    shop,
    balance,
    proofbox: proofboxWith({ REDIS_URL: redis.url, REDIS_KEY_TAG: keyTag }),
    outboxDir: path.join(dataDir, 'outbox'),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Each process has looked at the dataset, and the outbox knows how its orders were settled. */
async function letItBeSeen({ shop, balance, proofbox, outboxDir }: OwnShop): Promise<void> {
  await untilDatasetSeen(shop.stack);
  const { fulfilled: baked } = (await balance.ledger.stats()).counters;
  await eventually(
    async () =>
      JSON.parse((await proofbox('outbox', 'show', '--json', '--dir', outboxDir)).stdout) as OutboxShown,
    ({ files }) => files.reduce((sum, { settled }) => sum + settled, 0) >= baked,
  );
}

type OutboxShown = { files: { settled: number }[] };

async function readyz(shop: Shop, process: string): Promise<{ status: number; text: string }> {
  const reply = await fetch(`${shop.stack.process(process).url}/readyz`, {
    signal: AbortSignal.timeout(5_000),
  });
  return { status: reply.status, text: await reply.text() };
}

async function metric(
  shop: Shop,
  process: string,
  name: string,
  labels: Record<string, string> = {},
): Promise<number | undefined> {
  const samples = await readMetrics(shop.stack.process(process).url);
  const wanted = JSON.stringify(labels);
  return samples.find((each) => each.name === name && JSON.stringify(each.labels) === wanted)?.value;
}

function allRestored(shop: Shop, orders: number, process = 'ingest'): Promise<unknown> {
  return eventually(
    () => metric(shop, process, 'proofbox_outbox_deliveries_total', { status: 'restored' }),
    (restored) => restored === orders,
    15_000,
  );
}

/** Orders that have their receipt. */
async function fulfilled(shop: Shop, orders: number): Promise<Map<string, string>> {
  const receipts = new Map<string, string>();
  for (let i = 0; i < orders; i += 1) {
    const { status, body } = await shop.diner.order();
    expect(status).toBe(200);
    receipts.set(body.order.id, body.jwt);
  }
  return receipts;
}

/** Orders that wait for the factory, which fails from now on. */
async function waiting(shop: Shop, orders: number, diner = shop.diner): Promise<string[]> {
  await shop.primary.misbehave({ kind: 'fail' });
  const ids: string[] = [];
  for (let i = 0; i < orders; i += 1) {
    const { status, body } = await diner.order(anOrder(), { prefer: 'respond-async' });
    expect(status).toBe(202);
    ids.push(body.order.id);
  }
  return ids;
}

async function expectReceipts(shop: Shop, receipts: ReadonlyMap<string, string>): Promise<void> {
  for (const [id, jwt] of receipts)
    expect(await shop.diner.status(id)).toMatchObject({ status: 200, body: { status: 'fulfilled', jwt } });
}

async function expectBakedOnce(shop: Shop, ids: Iterable<string>): Promise<void> {
  for (const id of ids) {
    await eventually(
      async () => (await shop.diner.status(id)).body.status,
      (status) => status === 'fulfilled',
    );
    expect(await shop.primary.order(id)).toMatchObject({ baked: 1 });
  }
}

/** @guarantee G1 */
test('an emptied Redis: noticed within 10 s, every order is back, none is lost, and none is baked twice', async () => {
  await using own = await openOwnShop();
  const { redis, shop, proofbox } = own;
  const receipts = await fulfilled(shop, 5);
  const ids = await waiting(shop, 3);
  await letItBeSeen(own);
  await askRedis(redis.url, ['FLUSHALL']);

  const { status } = await eventually(
    () => readyz(shop, 'ingest'),
    ({ text }) => text.includes('came back with less'),
    10_000,
  );
  expect(status).toBe(200);
  expect(await metric(shop, 'ingest', 'proofbox_dataset_lost')).toBe(1);
  await allRestored(shop, 8);
  await expectReceipts(shop, receipts);
  await shop.primary.mend();
  await expectBakedOnce(shop, [...receipts.keys(), ...ids]);

  const told = await eventually(
    () => readyz(shop, 'worker'),
    ({ text }) => text.includes('Orders were restored'),
    10_000,
  );
  expect(told.status).toBe(503);
  expect(told.text).toContain('8 were lost and are back, of 8 copies');
  expect(told.text).toContain('proofbox reconcile --acknowledge-loss');
  expect((await readyz(shop, 'ingest')).text).toContain('8 were lost and are back');

  const audit = await proofbox('reconcile');
  expect(audit).toMatchObject({ code: 1 });
  expect(audit.stdout).toContain('8 were lost and are back');
  // the ledger balances, too.
  expect(await proofbox('reconcile', '--acknowledge-loss')).toMatchObject({ code: 0 });
  await eventually(
    async () => [(await readyz(shop, 'worker')).status, (await readyz(shop, 'ingest')).text],
    ([code, text]) => code === 200 && !String(text).includes('came back with less'),
    10_000,
  );
});

test('an older file: the orders since then are back, and one that came back as waiting gets the receipt it had', async () => {
  await using own = await openOwnShop();
  const { redis, shop } = own;
  const before = await fulfilled(shop, 2);
  const [pending = ''] = await waiting(shop, 1);
  await redis.kill('SIGKILL');
  await redis.exited;
  const copy = path.join(own.outboxDir, '../copy');
  await cp(redis.dataDir!, copy, { recursive: true });
  await redis.restart();

  await shop.primary.mend();
  await expectBakedOnce(shop, [pending]);
  const { jwt } = (await shop.diner.status(pending)).body;
  const after = await fulfilled(shop, 3);
  await letItBeSeen(own);
  // It would bake what came back as waiting before anybody could know better.
  await shop.stack.process('worker').stop();
  await redis.kill('SIGKILL');
  await redis.exited;
  await rm(redis.dataDir!, { recursive: true });
  await cp(copy, redis.dataDir!, { recursive: true });
  await redis.restart();

  await allRestored(shop, 3);
  await expectReceipts(shop, new Map([...before, ...after, [pending, jwt]]));
  await shop.stack.process('worker').restart();
  await expectBakedOnce(shop, [...before.keys(), ...after.keys(), pending]);
  expect(await own.proofbox('reconcile', '--acknowledge-loss')).toMatchObject({ code: 0 });
});

/** @guarantee G1 */
test('an ingest that was killed together with Redis knows its orders again, and what it had seen', async () => {
  await using own = await openOwnShop();
  const { redis, shop, balance } = own;
  const receipts = await fulfilled(shop, 2);
  await letItBeSeen(own);
  const ids = await waiting(shop, 2);
  // In the middle of it, and nobody else is there who knew the old Redis.
  shop.stack.process('ingest').kill('SIGKILL');
  await shop.stack.process('ingest').exited;
  await shop.stack.process('worker').stop();
  await askRedis(redis.url, ['FLUSHALL']);
  await shop.primary.mend();

  await shop.stack.process('ingest').restart();
  await allRestored(shop, 4);
  await expectReceipts(shop, receipts);
  expect((await balance.ledger.stats()).counters).toMatchObject({ accepted: 4, fulfilled: 2, queued: 2 });
  await shop.stack.process('worker').restart();
  await expectBakedOnce(shop, [...receipts.keys(), ...ids]);
});

test('of two ingests each restores its own, and what one left behind that does not come back', async () => {
  await using own = await openOwnShop({ ingests: 3 });
  const { redis, shop, balance } = own;
  const ids: string[] = [];
  for (const name of ['ingest', 'ingest-2', 'ingest-3']) {
    const { url } = shop.stack.process(name);
    ids.push(...(await waiting(shop, 3, createShopper({ url, token: shop.diner.token }))));
  }
  await letItBeSeen(own);
  await shop.stack.process('ingest-3').stop();
  await askRedis(redis.url, ['FLUSHALL']);
  await eventually(
    async () => (await balance.ledger.stats()).counters.accepted,
    (accepted) => accepted === 9,
    15_000,
  );
  await shop.primary.mend();
  await expectBakedOnce(shop, ids);
  expect(await own.proofbox('reconcile', '--acknowledge-loss')).toMatchObject({ code: 0 });
});

test('an order that was taken while Redis was away is restored, too', async () => {
  await using own = await openOwnShop();
  const { redis, shop } = own;
  await redis.kill('SIGKILL');
  await redis.exited;
  const ids = await waiting(shop, 2);
  await redis.restart();
  await eventually(
    () => metric(shop, 'ingest', 'proofbox_outbox_orders', { state: 'undelivered' }),
    (orders) => orders === 0,
  );
  await letItBeSeen(own);
  await askRedis(redis.url, ['FLUSHALL']);
  await allRestored(shop, 2);
  await shop.primary.mend();
  await expectBakedOnce(shop, ids);
  expect((await own.balance.ledger.stats()).counters).toMatchObject({ accepted: 2, fulfilled: 2 });
});

test('where a factory must not be sent an order twice, a lost one of which nobody knows whether it was baked is held', async () => {
  await using own = await openOwnShop({ env: { all: { FACTORY_PRIMARY_REPEATABLE: 'false' } } });
  const { redis, shop, balance } = own;
  const receipts = await fulfilled(shop, 1);
  const [id = ''] = await waiting(shop, 1);
  await letItBeSeen(own);
  await askRedis(redis.url, ['FLUSHALL']);
  await allRestored(shop, 2);
  await expectReceipts(shop, receipts);
  expect(await balance.ledger.find(id)).toMatchObject({ state: 'held', reason: 'unknown_outcome' });
});

describe('second copies', () => {
  test('can be turned off: then nothing is restored, and ingest says so', async () => {
    await using own = await openOwnShop({ env: { ingest: { OUTBOX_KEEP_HOURS: '0' } } });
    const { redis, shop, balance } = own;
    await waiting(shop, 2);
    await letItBeSeen(own);
    expect(await metric(shop, 'ingest', 'proofbox_outbox_orders', { state: 'delivered' })).toBe(0);
    await askRedis(redis.url, ['FLUSHALL']);
    await eventually(
      () => readyz(shop, 'ingest'),
      ({ text }) => text.includes('keeps no copies (OUTBOX_KEEP_HOURS=0)'),
      10_000,
    );
    expect(await metric(shop, 'ingest', 'proofbox_dataset_lost')).toBe(1);
    await untilDatasetSeen(shop.stack);
    expect((await balance.ledger.stats()).counters.accepted).toBe(0);
  });

  test('that cannot be written refuse no order, and ingest says so', async () => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'proofbox-restore-'));
    await writeFile(path.join(dataDir, 'outbox'), 'a file where the folder should be');
    await using own = await openOwnShop({ dataDir });
    const { shop } = own;
    await fulfilled(shop, 3);
    const { status, text } = await readyz(shop, 'ingest');
    expect(status).toBe(200);
    expect(text).toContain('Redis has the only copy of them');
    expect(await metric(shop, 'ingest', 'proofbox_outbox_copies_kept')).toBe(0);
    expect(await metric(shop, 'ingest', 'proofbox_outbox_missed_total')).toBe(3);
    const line = 'ingest takes orders without a second copy';
    expect(shop.stack.process('ingest').logs().split(line)).toHaveLength(2);
    await rm(dataDir, { recursive: true, force: true });
  });
});
