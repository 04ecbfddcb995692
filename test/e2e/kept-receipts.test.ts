import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connectPatiently } from '@proofbox/ledger';
import { ensureRedis } from '@proofbox/local';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { orderDetailOf } from '../support/order-detail.ts';
import { openShop, type Shop } from '../support/shop.ts';

type Refusal = {
  begin: (redis: RedisClient) => Promise<unknown>;
  end: (redis: RedisClient) => Promise<unknown>;
};
type RedisClient = ReturnType<typeof connectPatiently>;

/** Long enough for each call to be answered, and for Redis to refuse what came of it. */
const bakingMs = 1_500;
const refusedMs = 4_000;

const refusals: Record<string, Refusal> = {
  'has no memory left': {
    begin: (redis) => redis.config('SET', 'maxmemory', '1'),
    end: (redis) => redis.config('SET', 'maxmemory', '0'),
  },
  'is read-only': {
    begin: (redis) => redis.replicaof('127.0.0.1', 1),
    end: (redis) => redis.replicaof('NO', 'ONE'),
  },
  'is busy with a script': {
    async begin(redis) {
      await redis.config('SET', 'busy-reply-threshold', '50');
      // It never ends by itself, and its own connection hears nothing meanwhile.
      const other = redis.duplicate();
      other.eval('while true do end', 0).then(
        () => other.disconnect(),
        () => other.disconnect(),
      );
    },
    end: (redis) => redis.script('KILL'),
  },
};

async function fiveOrdersAtTheFactory(shop: Shop): Promise<string[]> {
  const orders = await Promise.all(
    Array.from({ length: 5 }, () => shop.diner.order(undefined, { prefer: 'respond-async' })),
  );
  const ids = orders.map(({ body }) => body.order.id);
  await eventually(
    () => shop.primary.totals(),
    ({ requests }) => requests === 5,
  );
  return ids;
}

/** Once all are fulfilled: how often each of them reached the factory. */
async function callsOnceFulfilled(shop: Shop, ids: readonly string[]): Promise<number[]> {
  const calls: number[] = [];
  for (const id of ids) {
    await eventually(
      () => shop.diner.status(id),
      ({ body }) => body.status === 'fulfilled',
    );
    calls.push((await shop.primary.order(id)).requests);
  }
  return calls;
}

/** @guarantee G10 */
test.for(Object.keys(refusals))(
  'a Redis that %s when the receipts come: each order is baked once, also where a repeat is not safe',
  async (what) => {
    const { begin, end } = refusals[what]!;
    const server = await ensureRedis();
    onTestFinished(() => server[Symbol.asyncDispose]());
    await using shop = await openShop({
      fallback: false,
      redisUrl: server.url,
      env: { worker: { FACTORY_PRIMARY_REPEATABLE: 'false', FACTORY_TIMEOUT_MS: '4000' } },
    });
    const redis = connectPatiently({ url: server.url, onError: () => {} });
    onTestFinished(() => redis.disconnect());
    await shop.primary.misbehave({ kind: 'slow', ms: bakingMs });
    const ids = await fiveOrdersAtTheFactory(shop);
    await begin(redis);
    await pause(refusedMs);
    await end(redis);
    expect(await callsOnceFulfilled(shop, ids)).toEqual(ids.map(() => 1));
  },
);

/** @guarantee G10 */
test('the keys of the factory cannot be had when the receipts come: each order is baked once, and the factory spared', async () => {
  const keysFolder = await mkdtemp(path.join(tmpdir(), 'proofbox-keys-'));
  onTestFinished(() => rm(keysFolder, { recursive: true }));
  await using shop = await openShop({
    fallback: false,
    timings: { waitMs: 500 },
    env: { worker: { FACTORY_KEYS_DIR: keysFolder } },
  });
  // A worker that never saw its keys.
  await shop.stack.process('worker').stop();
  await rm(keysFolder, { recursive: true });
  await shop.primary.misbehave({ kind: 'keys', how: 'error' });
  await shop.stack.process('worker').restart();
  const ids = await fiveOrdersAtTheFactory(shop);
  // Other orders come meanwhile: one is sent now and then to see whether the factory is back.
  for (let i = 0; i < 12; i += 1) {
    ids.push((await shop.diner.order()).body.order.id);
    await pause(500);
  }
  const detail = await orderDetailOf(shop, ids[0]!);
  expect(detail).toMatchObject({ state: 'baking', attempts: 1 });
  await shop.primary.mend();
  expect(await callsOnceFulfilled(shop, ids)).toEqual(ids.map(() => 1));
});

/** @guarantee G10 */
test('receipts of a worker that has to go while Redis refuses them are delivered by the next one: each order is baked once', async () => {
  const server = await ensureRedis();
  onTestFinished(() => server[Symbol.asyncDispose]());
  await using shop = await openShop({
    fallback: false,
    redisUrl: server.url,
    env: { worker: { FACTORY_PRIMARY_REPEATABLE: 'false', FACTORY_TIMEOUT_MS: '4000' } },
  });
  const redis = connectPatiently({ url: server.url, onError: () => {} });
  onTestFinished(() => redis.disconnect());
  await shop.primary.misbehave({ kind: 'slow', ms: bakingMs });
  const ids = await fiveOrdersAtTheFactory(shop);
  await redis.config('SET', 'maxmemory', '1');
  await pause(2 * bakingMs);
  const worker = shop.stack.process('worker');
  await worker.stop();
  const kept = worker
    .logs()
    .split('\n')
    .filter((line) => line.includes('are kept on the local disk'));
  expect(ids.filter((id) => kept.some((line) => line.includes(id)))).toEqual(ids);
  await redis.config('SET', 'maxmemory', '0');
  await shop.primary.mend();
  await worker.restart();
  expect(await callsOnceFulfilled(shop, ids)).toEqual(ids.map(() => 1));
});
