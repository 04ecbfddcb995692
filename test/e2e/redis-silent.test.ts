import { ensureRedis } from '@proofbox/local';
import { expect, test } from 'vitest';
import { openRedisLink, type RedisLink } from '../support/redis-link.ts';
import { openShop } from '../support/shop.ts';

const waitMs = 20_000;

test.each<[string, (link: RedisLink) => void]>([
  [
    'whose connection fell silent without an end',
    (link) => expect(link.silence('\r\nsubscribe\r\n')).toBeGreaterThan(0),
  ],
  ['that is lost on its way', (link) => link.swallow('\r\nmessage\r\n')],
])('a diner who waits for news %s has the receipt long before the wait ends', async (_what, lose) => {
  await using redis = await ensureRedis();
  await using link = await openRedisLink(redis.port);
  await using shop = await openShop({ redisUrl: link.url, admin: false, timings: { waitMs } });
  expect((await shop.diner.order()).status).toBe(200);
  lose(link);
  const answer = await shop.diner.order();
  expect(answer.status).toBe(200);
  expect(answer.elapsedMs).toBeLessThan(waitMs / 2);
});
