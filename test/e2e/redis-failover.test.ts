import { connectPatiently } from '@proofbox/ledger';
import { askRedis, ensureRedis, type Redis } from '@proofbox/local';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { readinessOf } from '../support/readiness.ts';
import { openRedisLink, type RedisLink } from '../support/redis-link.ts';
import { openShop } from '../support/shop.ts';

/** @guarantee G5 */
test('after a failover whose old primary stays as a replica, every open connection moves to the new one', async () => {
  await using first = await ensureRedis();
  await using second = await ensureRedis({ args: ['--replicaof', `127.0.0.1 ${first.port}`] });
  await using link = await openRedisLink(first.port);
  await using shop = await openShop({ redisUrl: link.url, keyTag: 'moves' });
  const { ingest, worker, admin } = shop.stack.urls;
  expect((await shop.diner.order()).status).toBe(200);
  const connectionsTo = async (url: string): Promise<number> => {
    const list = await askRedis(url, ['CLIENT', 'LIST']);
    return list.split('\n').filter((line) => / flags=[NPb]/.test(line)).length;
  };
  // One of them asks.
  expect(await connectionsTo(first.url)).toBeGreaterThan(6);

  await failOver(first, second, link);
  await eventually(
    () => connectionsTo(first.url),
    (connections) => connections === 1,
    15_000,
  );
  for (const url of [ingest, worker, admin]) {
    await eventually(
      () => readinessOf(url),
      ({ status, body }) =>
        status === 200 && !(body.notes ?? []).some((note) => /^undelivered|flush/.test(note)),
      15_000,
    );
  }
  const answers = await Promise.all(Array.from({ length: 10 }, () => shop.diner.order()));
  // On a busy machine some are taken for later.
  for (const { status } of answers) expect([200, 202]).toContain(status);
  await eventually(
    () => askRedis(second.url, ['HGET', '{moves}:counters', 'fulfilled']),
    (fulfilled) => fulfilled === '11',
  );
});

/** @guarantee G5 */
test('what is sent over an open connection to the old primary is written by the new one', async () => {
  await using first = await ensureRedis();
  await using second = await ensureRedis({ args: ['--replicaof', `127.0.0.1 ${first.port}`] });
  await using link = await openRedisLink(first.port);
  await using opened = new AsyncDisposableStack();
  const redis = opened.adopt(connectPatiently({ url: link.url, onError() {} }), (each) => each.disconnect());
  await redis.set('before', '1');
  await failOver(first, second, link);
  await redis.set('after', '1');
  expect(await askRedis(second.url, ['GET', 'after'])).toBe('1');
});

/** Names the new primary where the old one was, and leaves the open connections where they are. */
async function failOver(first: Redis, second: Redis, link: RedisLink): Promise<void> {
  await eventually(
    () => askRedis(first.url, ['INFO', 'replication']),
    (info) => /state=online/.test(info),
  );
  link.pointTo(second.port);
  await askRedis(first.url, ['FAILOVER', 'TO', '127.0.0.1', String(second.port)]);
  await eventually(
    () => askRedis(first.url, ['ROLE']),
    (role) => role.startsWith('slave'),
  );
}
