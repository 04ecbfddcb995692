import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureRedis } from '@proofbox/local';
import { expect, test } from 'vitest';
import { openBooks } from '../support/backlog.ts';
import { eventually } from '../support/eventually.ts';
import { proofboxWith } from '../support/proofbox-command.ts';
import { openShop } from '../support/shop.ts';
import { anOrder, createShopper } from '../support/shopper.ts';

/** @guarantee G5 */
test('an outbox is shown and exported while an ingest uses it, and flushed once nobody does', async () => {
  await using opened = new AsyncDisposableStack();
  const dataDir = opened.adopt(await mkdtemp(path.join(tmpdir(), 'proofbox-outbox-')), (dir) =>
    rm(dir, { recursive: true, force: true }),
  );
  const redis = opened.use(await ensureRedis());
  const keyTag = 'own';
  const shop = opened.use(
    await openShop({
      redisUrl: redis.url,
      keyTag,
      dataDir,
      ingests: 2,
      admin: false,
      timings: { waitMs: 0 },
    }),
  );
  const dir = ['--dir', path.join(dataDir, 'outbox')];
  const proofbox = proofboxWith({ REDIS_URL: redis.url, REDIS_KEY_TAG: keyTag });

  await shop.diner.order();
  await redis.kill('SIGKILL');
  await redis.exited;
  const second = createShopper({ url: shop.stack.process('ingest-2').url, token: shop.diner.token });
  const key = { 'idempotency-key': 'the-same' };
  const [first, other] = [await shop.diner.order(anOrder(), key), await second.order(anOrder(), key)];
  const more = [await second.order(), await second.order()];
  expect([first, other, ...more].map(({ status }) => status)).toEqual([202, 202, 202, 202]);

  const shown = JSON.parse((await proofbox('outbox', 'show', ...dir, '--json')).stdout) as Shown;
  expect(shown.files.every(({ isInUse }) => isInUse)).toBe(true);
  expect(shown.files.map(({ undelivered }) => undelivered).toSorted((a, b) => a - b)).toEqual([1, 3]);
  expect(shown.files.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(1);
  const exported = await proofbox('outbox', 'export', ...dir, '--delivered');
  const lines = exported.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { state: string });
  expect(lines.map(({ state }) => state).toSorted()).toEqual(['delivered', ...Array(4).fill('undelivered')]);
  expect(exported.stdout).toContain('d@jwt.com');
  expect(exported.stdout).not.toMatch(/fingerprint|doubleClick|receipt/);

  // Both are gone for good, and one of their orders has another one's key.
  for (const name of ['ingest', 'ingest-2']) {
    shop.stack.process(name).kill('SIGKILL');
    await shop.stack.process(name).exited;
  }
  await redis.restart();
  const flushed = await proofbox('outbox', 'flush', ...dir, '--json');
  expect(flushed).toMatchObject({ code: 0 });
  expect(JSON.parse(flushed.stdout)).toMatchObject({
    files: 2,
    delivered: 3,
    conflicted: 1,
    left: 0,
    troubles: [],
  });
  await using balance = openBooks({ redisUrl: redis.url, keyTag });
  await eventually(
    async () => (await balance.ledger.stats()).counters,
    ({ accepted, fulfilled }) => accepted === 4 && fulfilled === 4,
  );
  const after = await proofbox('outbox', 'show', ...dir);
  expect(after.stdout).toContain(first.body.order.id);
  expect(after.stdout).toContain('2 (d…@jwt.com)');
  expect(after.stdout).not.toContain('d@jwt.com');
  const aside = (await proofbox('outbox', 'export', ...dir)).stdout.trim().split('\n');
  expect(aside.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({ state: 'conflicted', why: expect.stringContaining('Idempotency-Key') }),
  ]);
});

type Shown = { files: { isInUse: boolean; undelivered: number; delivered: number }[] };

test('a folder that is not there is named, and nothing is made', async () => {
  const missing = path.join(tmpdir(), 'proofbox-no-such-folder');
  const { code, stderr } = await proofboxWith({})('outbox', 'show', '--dir', missing);
  expect(code).toBe(1);
  expect(stderr).toContain(missing);
});
