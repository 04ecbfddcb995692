import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connectFailingFast, createNames } from '@proofbox/ledger';
import { expect, inject, test } from 'vitest';
import { openBooks } from '../support/backlog.ts';
import { eventually } from '../support/eventually.ts';
import { readMetrics } from '../support/metrics.ts';
import { proofboxWith } from '../support/proofbox-command.ts';
import { openShop, type Shop } from '../support/shop.ts';

/** A shop, and everything needed to look into its Redis and to break what stands there. */
async function openShopWithBooks(opened: AsyncDisposableStack) {
  const redisUrl = inject('redisUrl');
  const keyTag = `test-${randomUUID()}`;
  const shop = opened.use(await openShop({ keyTag, fallback: false, timings: { waitMs: 0 } }));
  const balance = opened.use(openBooks({ redisUrl, keyTag }));
  const redis = opened.adopt(connectFailingFast({ url: redisUrl, onError() {} }), (each) =>
    each.disconnect(),
  );
  await once(redis, 'ready');
  const proofbox = proofboxWith({ REDIS_URL: redisUrl, REDIS_KEY_TAG: keyTag });
  return { shop, balance, redis, names: createNames(keyTag), proofbox };
}

/** The sum of a metric of the worker over those of its labels that match. */
async function valueOf(shop: Shop, name: string, labels: Record<string, string> = {}): Promise<number> {
  const samples = await readMetrics(shop.stack.urls.worker);
  return samples
    .filter((each) => each.name === name)
    .filter((each) => Object.entries(labels).every(([label, value]) => each.labels[label] === value))
    .reduce((sum, each) => sum + each.value, 0);
}

/** @guarantee G1 */
test('a queue that was lost with everything in it: every order is fulfilled all the same, and the mends are told', async () => {
  await using opened = new AsyncDisposableStack();
  const { shop, balance, redis, names, proofbox } = await openShopWithBooks(opened);
  await shop.primary.misbehave({ kind: 'fail' });
  const ids = await balance.fill(50);
  await redis.del(names.job('wait'), names.job('delayed'), names.job('prioritized'), ...ids.map(names.job));
  await shop.primary.mend();
  for (const id of ids) {
    await eventually(
      async () => (await balance.ledger.find(id))?.state,
      (state) => state === 'fulfilled',
      60_000,
    );
  }
  expect(await valueOf(shop, 'proofbox_reconcile_mended_total', { kind: 'job' })).toBeGreaterThan(0);
  expect(await valueOf(shop, 'proofbox_reconcile_difference')).toBe(0);
  expect(await valueOf(shop, 'proofbox_reconcile_last_run_timestamp_seconds')).toBeGreaterThan(
    Date.now() / 1_000 - 20,
  );
  expect(shop.stack.process('worker').logs()).toContain('the reconciler mended');
  expect(await proofbox('reconcile')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Everything fits'),
  });
});

/** @guarantee G7 */
test('a difference of one shows in the metrics within 15 s, and the command line exits with 1', async () => {
  await using opened = new AsyncDisposableStack();
  const { shop, balance, redis, names, proofbox } = await openShopWithBooks(opened);
  await balance.fill(3);
  await redis.hincrby(names.counters, 'accepted', 1);
  await eventually(
    () => valueOf(shop, 'proofbox_reconcile_difference', { of: 'counters' }),
    (difference) => difference === 1,
    15_000,
  );
  const run = await proofbox('reconcile', '--json');
  expect(run.code).toBe(1);
  expect(JSON.parse(run.stdout)).toMatchObject({
    clean: false,
    balance: { difference: { counters: 1, indexes: 0, drift: 1 } },
  });
});

test('the command line looks without touching anything, and mends when it is told to', async () => {
  await using opened = new AsyncDisposableStack();
  const { shop, balance, redis, names, proofbox } = await openShopWithBooks(opened);
  await shop.stack.process('worker').stop();
  const [id = ''] = await balance.fill(1);
  await redis.zrem(names.byDiner('2'), id);
  for (let looks = 0; looks < 2; looks += 1) {
    const run = await proofbox('reconcile');
    expect(run).toMatchObject({ code: 1, stderr: 'error: Something does not fit.\n' });
    expect(run.stdout).toContain(`1 order is wrong in the indexes: ${id}.`);
  }
  expect(await proofbox('reconcile', '--mend')).toMatchObject({ code: 1 });
  expect(await proofbox('reconcile')).toMatchObject({ code: 0, stderr: '' });
});
