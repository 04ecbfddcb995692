import { setTimeout as pause } from 'node:timers/promises';
import { askRedis, ensureRedis } from '@proofbox/local';
import { expect, test } from 'vitest';
import { openBooks } from '../support/backlog.ts';
import { eventually } from '../support/eventually.ts';
import { readMetrics } from '../support/metrics.ts';
import { proofboxWith } from '../support/proofbox-command.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { untilDatasetSeen } from '../support/until-dataset-seen.ts';

/** A shop on a Redis of its own, which may be killed and emptied. */
async function openOwnShop(opened: AsyncDisposableStack) {
  const redis = opened.use(await ensureRedis());
  const keyTag = 'own';
  const shop = opened.use(
    await openShop({ redisUrl: redis.url, keyTag, fallback: false, timings: { waitMs: 0 } }),
  );
  const balance = opened.use(openBooks({ redisUrl: redis.url, keyTag }));
  return { redis, shop, balance, proofbox: proofboxWith({ REDIS_URL: redis.url, REDIS_KEY_TAG: keyTag }) };
}

async function readiness(shop: Shop, process: 'worker' | 'admin') {
  const reply = await fetch(`${shop.stack.urls[process]}/readyz`, { signal: AbortSignal.timeout(5_000) });
  return { status: reply.status, text: await reply.text() };
}

async function isDatasetLost(shop: Shop): Promise<boolean> {
  const samples = await readMetrics(shop.stack.urls.worker);
  return samples.some(({ name, value }) => name === 'proofbox_dataset_lost' && value === 1);
}

test.for([1, 20])(
  'Redis killed for %i s: the first order is baked within 5 s of its return, and nothing is lost',
  async (seconds) => {
    await using opened = new AsyncDisposableStack();
    const { redis, shop, balance } = await openOwnShop(opened);
    await shop.primary.misbehave({ kind: 'fail' });
    const [first = '', second = ''] = await balance.fill(2);
    await shop.primary.mend();
    await redis.kill('SIGKILL');
    await redis.exited;
    await pause(seconds * 1_000);
    await redis.restart();
    const [third = ''] = await balance.fill(1);
    await eventually(
      async () => (await shop.primary.order(third)).baked,
      (baked) => baked === 1,
      5_000,
    );
    for (const id of [first, second, third]) {
      await eventually(
        async () => (await balance.ledger.find(id))?.state,
        (state) => state === 'fulfilled',
      );
    }
    expect(await isDatasetLost(shop)).toBe(false);
  },
);

/** @guarantee G1 */
test('an emptied Redis is noticed within 10 s, and told until an operator acknowledges it', async () => {
  await using opened = new AsyncDisposableStack();
  const { redis, shop, balance, proofbox } = await openOwnShop(opened);
  await balance.fill(2);
  await eventually(
    async () => (await balance.ledger.stats()).counters.fulfilled,
    (fulfilled) => fulfilled === 2,
  );
  await untilDatasetSeen(shop.stack);
  expect(await isDatasetLost(shop)).toBe(false);
  await askRedis(redis.url, ['FLUSHALL']);
  for (const process of ['worker', 'admin'] as const) {
    const { text } = await eventually(
      () => readiness(shop, process),
      ({ status }) => status === 503,
      10_000,
    );
    expect(text).toContain('came back with less');
  }
  expect(await isDatasetLost(shop)).toBe(true);
  expect(shop.stack.process('worker').logs()).toContain('Redis came back with less than it had');

  // A worker that starts now is ready for work, and tells all the same.
  await shop.stack.process('worker').restart();
  await eventually(
    () => isDatasetLost(shop),
    (isLost) => isLost,
  );
  const [id = ''] = await balance.fill(1);
  await eventually(
    async () => (await balance.ledger.find(id))?.state,
    (state) => state === 'fulfilled',
  );
  const seen = await proofbox('reconcile');
  expect(seen.code).toBe(1);
  expect(seen.stdout).toContain('Redis came back empty');
  expect(await proofbox('reconcile', '--acknowledge-loss')).toMatchObject({ code: 0 });
  await eventually(
    async () => [await isDatasetLost(shop), (await readiness(shop, 'admin')).status],
    ([isLost, status]) => isLost === false && status === 200,
    10_000,
  );
});
