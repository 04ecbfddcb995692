import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { askRedis, ensureRedis, type Redis, type RedisOptions, type StackOptions } from '@proofbox/local';
import { describe, expect, test } from 'vitest';
import { bakedTimes } from '../support/baked-times.ts';
import { eventually } from '../support/eventually.ts';
import { startIngestAlone } from '../support/ingest-alone.ts';
import { readMetrics } from '../support/metrics.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { anOrder, createShopper, type Answer, type Shopper } from '../support/shopper.ts';

type ShopWithRedis = Shop & { redis: Redis };

/** A shop with a Redis of its own, which can be taken away from it. */
async function openShopWithRedis(
  options: StackOptions & { redisOptions?: RedisOptions } = {},
): Promise<ShopWithRedis> {
  const redis = await ensureRedis(options.redisOptions);
  // Nobody waits for a receipt: what is measured is how long it takes until an order is safe.
  const shop = await openShop({ admin: false, timings: { waitMs: 0 }, ...options, redisUrl: redis.url });
  return {
    ...shop,
    redis,
    async [Symbol.asyncDispose]() {
      await redis.kill('SIGCONT').catch(() => {});
      await shop[Symbol.asyncDispose]();
      await redis[Symbol.asyncDispose]();
    },
  };
}

const outages: [
  string,
  { take: (redis: Redis) => Promise<void>; giveBack: (redis: Redis) => Promise<void> },
][] = [
  [
    'killed',
    {
      async take(redis) {
        await redis.kill('SIGKILL');
        await redis.exited;
      },
      giveBack: (redis) => redis.restart(),
    },
  ],
  ['frozen', { take: (redis) => redis.kill('SIGSTOP'), giveBack: (redis) => redis.kill('SIGCONT') }],
];

function keyed(key: string): Record<string, string> {
  return { 'idempotency-key': key };
}

async function expectEachBakedOnce(shop: Shop, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await eventually(
      () => shop.diner.status(id),
      ({ body }) => body.status === 'fulfilled',
    );
  }
  const times = await bakedTimes([shop.primary, shop.fallback]);
  expect(ids.filter((id) => times.get(id) !== 1)).toEqual([]);
}

async function metricOf(
  url: string,
  name: string,
  labels: Record<string, string> = {},
): Promise<number | undefined> {
  const wanted = JSON.stringify(labels);
  return (await readMetrics(url)).find((each) => each.name === name && JSON.stringify(each.labels) === wanted)
    ?.value;
}

function undeliveredAt(url: string): Promise<number | undefined> {
  return metricOf(url, 'proofbox_outbox_orders', { state: 'undelivered' });
}

async function secondShopper(shop: Shop): Promise<Shopper> {
  return createShopper({ url: shop.stack.process('ingest-2').url, token: shop.diner.token });
}

function ready(url: string): Promise<{ status: number; body: { reasons: string[]; notes?: string[] } }> {
  return fetch(`${url}/readyz`).then(async (reply) => ({
    status: reply.status,
    body: (await reply.json()) as never,
  }));
}

describe.for(outages)('while Redis is %s', ([, { take, giveBack }]) => {
  /** @guarantee G5 */
  test('orders are taken at once, can be asked about, stay themselves, and are baked once when it is back', async () => {
    await using shop = await openShopWithRedis();
    const { diner, redis } = shop;
    const { ingest } = shop.stack.urls;
    const [before, during] = [anOrder(), anOrder()];
    const first = await diner.order(before, keyed('before'));

    await take(redis);
    const answers: Answer[] = [];
    for (let i = 0; i < 20; i += 1) answers.push(await diner.order());
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    expect(answers[0]!.elapsedMs).toBeLessThan(3_000);
    expect(answers.slice(1).filter(({ elapsedMs }) => elapsedMs > 1_000)).toEqual([]);
    const { order, jwt, statusUrl } = answers[1]!.body;
    expect(answers[1]!.body).toMatchObject({ status: 'queued', statusUrl: `/api/order/${order.id}/status` });
    expect(await diner.verify(jwt)).toMatchObject({ status: 200, body: { message: 'pending' } });
    expect(await diner.status(order.id)).toMatchObject({ status: 200, body: { status: 'queued', order } });
    expect(
      await diner.request('GET', statusUrl, { headers: { authorization: `Bearer ${jwt}` } }),
    ).toMatchObject({ status: 200 });
    expect(await ready(ingest)).toMatchObject({
      status: 200,
      body: { notes: [expect.stringMatching(/^undelivered: /)] },
    });

    const repeats = [
      await diner.order(before, keyed('before')),
      await diner.order(during, keyed('during')),
      await diner.order(during, keyed('during')),
    ];
    expect(repeats.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(repeats.map(({ body }) => body.order.id)).toEqual([
      first.body.order.id,
      repeats[1]!.body.order.id,
      repeats[1]!.body.order.id,
    ]);
    expect(await diner.order(anOrder(), keyed('during'))).toMatchObject({ status: 422 });
    expect(await diner.order(anOrder(), keyed('before'))).toMatchObject({ status: 422 });
    const clicked = anOrder();
    const clicks = await Promise.all([diner.order(clicked), diner.order(clicked), diner.order(clicked)]);
    expect(new Set(clicks.map(({ body }) => body.order.id)).size).toBe(1);
    expect(await undeliveredAt(ingest)).toBe(23);
    // The one that Redis had is the same order.
    expect(await metricOf(ingest, 'proofbox_submissions_total', { status: 'undelivered' })).toBe(22);

    await giveBack(redis);
    await eventually(
      () => undeliveredAt(ingest),
      (orders) => orders === 0,
    );
    const after = await diner.order(during, keyed('during'));
    expect(after.body.order.id).toBe(repeats[1]!.body.order.id);
    expect(await diner.order(anOrder(), keyed('during'))).toMatchObject({ status: 422 });
    const ids = [...answers, ...repeats, ...clicks].map(({ body }) => body.order.id);
    await expectEachBakedOnce(shop, [...new Set(ids)]);
    expect(await diner.verify(jwt)).toMatchObject({ status: 200, body: { message: 'valid' } });
    const statuses = ['accepted', 'existing'];
    const given = await Promise.all(
      statuses.map((status) => metricOf(ingest, 'proofbox_outbox_deliveries_total', { status })),
    );
    expect(given[0]! + given[1]!).toBeGreaterThanOrEqual(23);
    expect(await metricOf(ingest, 'proofbox_outbox_orders', { state: 'conflicted' })).toBe(0);
  });
});

/** @guarantee G5 */
test('an ingest that is killed while Redis is away finds its orders again, also before Redis is back', async () => {
  await using shop = await openShopWithRedis();
  const { diner, redis } = shop;
  await redis.kill('SIGKILL');
  await redis.exited;
  const body = anOrder();
  const first = await diner.order(body, keyed('k'));
  const others = await Promise.all(Array.from({ length: 30 }, () => diner.order()));

  const ingest = shop.stack.process('ingest');
  ingest.kill('SIGKILL');
  await ingest.exited;
  await ingest.restart();
  expect(await diner.status(first.body.order.id)).toMatchObject({ status: 200, body: { status: 'queued' } });
  expect((await diner.order(body, keyed('k'))).body.order.id).toBe(first.body.order.id);
  expect(await diner.order(anOrder(), keyed('k'))).toMatchObject({ status: 422 });

  const backAt = Date.now();
  await redis.restart();
  await expectEachBakedOnce(
    shop,
    [first, ...others].map((answer) => answer.body.order.id),
  );
  const { body: story } = await diner.status(first.body.order.id);
  expect(Date.parse(story['acceptedAt'] as string)).toBeLessThan(backAt);
});

/** @guarantee G2 */
test('two ingests that are given the same key while Redis is away make one order of it, and never lose what contradicts', async () => {
  await using shop = await openShopWithRedis({ ingests: 2 });
  const { diner, redis } = shop;
  const other = await secondShopper(shop);
  await redis.kill('SIGKILL');
  await redis.exited;
  const body = anOrder();
  const [here, there] = await Promise.all([diner.order(body, keyed('k')), other.order(body, keyed('k'))]);
  expect([here.status, there.status]).toEqual([202, 202]);
  expect(there.body.order.id).toBe(here.body.order.id);
  expect(there.body.jwt).toBe(here.body.jwt);
  await diner.order(anOrder(), keyed('contradicted'));
  await other.order(anOrder(), keyed('contradicted'));

  await redis.restart();
  await expectEachBakedOnce(shop, [here.body.order.id]);
  const urls = [shop.stack.urls.ingest, shop.stack.process('ingest-2').url];
  const conflicted = await eventually(
    () => Promise.all(urls.map((url) => metricOf(url, 'proofbox_outbox_orders', { state: 'conflicted' }))),
    (counts) => counts.reduce<number>((sum, each) => sum + (each ?? 0), 0) === 1,
  );
  const holder = conflicted.indexOf(1);
  expect(shop.stack.process(holder === 0 ? 'ingest' : 'ingest-2').logs()).toMatch(/set aside: look into it/);
  expect((await ready(urls[holder]!)).body.notes).toEqual([
    expect.stringMatching(/^1 orders of the outbox are conflicted/),
  ]);
});

/** @guarantee G5 */
test('the orders of an ingest that does not come back are taken over by another one', async () => {
  await using shop = await openShopWithRedis({ ingests: 2 });
  const other = await secondShopper(shop);
  await shop.redis.kill('SIGKILL');
  await shop.redis.exited;
  const answer = await other.order();
  const ingest = shop.stack.process('ingest-2');
  ingest.kill('SIGKILL');
  await ingest.exited;
  await shop.redis.restart();
  const { id } = answer.body.order;
  await expectEachBakedOnce(shop, [id]);
  expect(await shop.diner.verify(answer.body.jwt)).toMatchObject({ status: 200, body: { message: 'valid' } });
});

test('where neither Redis nor the outbox can make it durable, an order is refused and never promised', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'proofbox-no-outbox-'));
  await writeFile(path.join(dir, 'file'), '');
  await using shop = await openShopWithRedis({
    workers: 0,
    env: { ingest: { OUTBOX_DIR: path.join(dir, 'file') } },
  });
  const { ingest } = shop.stack.urls;
  expect((await shop.diner.order()).status).toBe(202);
  expect(await ready(ingest)).toMatchObject({
    status: 200,
    body: { notes: expect.arrayContaining([expect.stringMatching(/ingest will take no orders/)]) },
  });
  await shop.redis.kill('SIGKILL');
  await shop.redis.exited;
  const refused = await shop.diner.order();
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(await ready(ingest)).toMatchObject({
    status: 503,
    body: { reasons: [expect.stringMatching(/outbox in .* cannot be used/)] },
  });
  // The folder is mended, and nobody has to restart anything.
  await rm(path.join(dir, 'file'));
  await mkdir(path.join(dir, 'file'));
  await eventually(
    () => ready(ingest),
    ({ status }) => status === 200,
  );
  expect((await shop.diner.order()).status).toBe(202);
  await rm(dir, { recursive: true });
});

test('an outbox has room for OUTBOX_MAX_ORDERS orders, and a repeat of one of them is still recognised', async () => {
  await using shop = await openShopWithRedis({ workers: 0, env: { ingest: { OUTBOX_MAX_ORDERS: '3' } } });
  await shop.redis.kill('SIGKILL');
  await shop.redis.exited;
  const bodies = Array.from({ length: 5 }, () => anOrder());
  const answers = [];
  for (const [i, body] of bodies.entries()) answers.push(await shop.diner.order(body, keyed(`${i}`)));
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 503, 503]);
  expect(await shop.diner.order(bodies[0], keyed('0'))).toMatchObject({
    status: 202,
    body: { order: { id: answers[0]!.body.order.id } },
  });
});

const losing: [string, string[], RegExp][] = [
  [
    'appendfsync everysec',
    ['--appendfsync', 'everysec'],
    /^Redis has appendfsync everysec, .*: set appendfsync always /,
  ],
  ['appendonly no', ['--appendonly', 'no'], /^Redis has appendonly no, .*: set appendonly yes /],
  ['fsync skipped on rewrite', ['--no-appendfsync-on-rewrite', 'yes'], /set no-appendfsync-on-rewrite no /],
  ['evicting', ['--maxmemory-policy', 'allkeys-lru'], /set maxmemory-policy noeviction /],
  ['hiding its settings', ['--rename-command', 'CONFIG', ''], /hides its settings.*set DURABILITY=trust/],
  [
    'a replica',
    ['--replicaof', '127.0.0.1 1'],
    /^Redis is a replica .*: set REDIS_URL to the address of the primary/,
  ],
];

describe('a Redis that would lose orders', () => {
  test.for(losing)(
    '(%s) is given none, nor is the outbox, and /readyz says what to do',
    async ([, args, reason]) => {
      await using redis = await ensureRedis({ args });
      await using ingest = await startIngestAlone({ REDIS_URL: redis.url });
      const answer = await eventually(
        () => ready(ingest.url),
        ({ body }) => reason.test(body.reasons[0] ?? ''),
      );
      expect(answer).toMatchObject({ status: 503, body: { reasons: [expect.any(String)] } });
      const refused = await ingest.diner.order();
      expect(refused).toMatchObject({ status: 503, body: { message: expect.stringContaining('not taken') } });
      expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
      expect(await askRedis(redis.url, ['EXISTS', '{proofbox}:counters'])).toBe(':0');
      expect(await undeliveredAt(ingest.url)).toBe(0);
    },
  );

  test('is given orders with DURABILITY=trust, and that is hard to overlook', async () => {
    await using redis = await ensureRedis({ args: ['--appendfsync', 'everysec'] });
    await using ingest = await startIngestAlone({ REDIS_URL: redis.url, DURABILITY: 'trust' });
    await eventually(
      () => ready(ingest.url),
      ({ status }) => status === 200,
    );
    expect((await ingest.diner.order()).status).toBe(202);
    expect(await metricOf(ingest.url, 'proofbox_durability_trusted')).toBe(1);
    expect(ingest.logs()).toMatch(/"level":"error".*DURABILITY=trust/);
  });

  /** @guarantee G1 */
  test('is noticed while it runs, also after a reconnect', async () => {
    await using redis = await ensureRedis();
    await using ingest = await startIngestAlone({ REDIS_URL: redis.url });
    await eventually(
      () => ready(ingest.url),
      ({ status }) => status === 200,
    );
    await askRedis(redis.url, ['CONFIG', 'SET', 'appendfsync', 'everysec']);
    await eventually(
      () => ready(ingest.url),
      ({ status }) => status === 503,
      3_000,
    );
    await redis.restart();
    await eventually(
      () => ready(ingest.url),
      ({ status }) => status === 200,
    );
    expect((await ingest.diner.order()).status).toBe(202);
  });
});

test('at its memory limit, which came between two looks at it, Redis refuses, and no order is promised', async () => {
  await using redis = await ensureRedis();
  await using ingest = await startIngestAlone({ REDIS_URL: redis.url });
  await eventually(
    () => ready(ingest.url),
    ({ status }) => status === 200,
  );
  await askRedis(redis.url, ['CONFIG', 'SET', 'maxmemory', '1mb']);
  expect(await ingest.diner.order()).toMatchObject({ status: 503 });
  expect(await undeliveredAt(ingest.url)).toBe(0);
});

test('near its memory limit Redis is given no new orders, and those that it has are baked', async () => {
  await using shop = await openShopWithRedis();
  const { diner, redis, stack } = shop;
  const { ingest } = stack.urls;
  await Promise.all([shop.primary.misbehave({ kind: 'down' }), shop.fallback.misbehave({ kind: 'down' })]);
  const answers = await Promise.all(Array.from({ length: 10 }, () => diner.order()));
  // So much that what else goes on in Redis makes no difference.
  await askRedis(redis.url, ['SETRANGE', 'ballast', '50000000', 'x']);
  const used = Number(/used_memory:(\d+)/.exec(await askRedis(redis.url, ['INFO', 'memory']))![1]);
  await askRedis(redis.url, ['CONFIG', 'SET', 'maxmemory', String(Math.floor(used / 0.95))]);
  const refused = await eventually(
    () => diner.order(),
    ({ status }) => status === 503,
  );
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(await metricOf(ingest, 'proofbox_redis_memory_used_ratio')).toBeGreaterThan(0.9);
  expect(await undeliveredAt(ingest)).toBe(0);
  expect(await ready(ingest)).toMatchObject({
    status: 200,
    body: { notes: [expect.stringMatching(/refusing new orders/)] },
  });
  await Promise.all([shop.primary.mend(), shop.fallback.mend()]);
  await expectEachBakedOnce(
    shop,
    answers.map(({ body }) => body.order.id),
  );
  await askRedis(redis.url, ['CONFIG', 'SET', 'maxmemory', '0']);
  await eventually(
    () => diner.order(),
    ({ status }) => status === 202,
  );
});

test('an ingest that has never seen Redis takes orders, also of a service under its own number, and stops in time', async () => {
  const key = 'the-key-of-a-service';
  const ingest = await startIngestAlone({ REDIS_URL: 'redis://127.0.0.1:1', VENDOR_API_KEYS: key });
  const order = { diner: { id: 9 }, order: anOrder({ id: 20 }) };
  const answers = [
    await ingest.diner.order(order, { authorization: `Bearer ${key}` }),
    await ingest.diner.order(order, { authorization: `Bearer ${key}` }),
  ];
  expect(answers.map(({ status, body }) => [status, body.order.id])).toEqual([
    [202, 20],
    [202, 20],
  ]);
  expect(answers[1]!.body.jwt).toBe(answers[0]!.body.jwt);
  const stoppedAt = performance.now();
  await ingest[Symbol.asyncDispose]();
  expect(performance.now() - stoppedAt).toBeLessThan(5_000);
  expect(ingest.logs()).toMatch(/"msg":"stopped"/);
});
