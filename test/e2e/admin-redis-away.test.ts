import { ensureRedis, type Redis } from '@proofbox/local';
import { expect, test } from 'vitest';
import type { AdminAnswer, AdminCaller } from '../support/admin-client.ts';
import { openDeadLetters } from '../support/dead-letters.ts';
import { eventually } from '../support/eventually.ts';
import { openShop } from '../support/shop.ts';

const outages: [string, (redis: Redis) => Promise<void>, (redis: Redis) => Promise<void>][] = [
  [
    'killed',
    async (redis) => {
      await redis.kill('SIGKILL');
      await redis.exited;
    },
    (redis) => redis.restart(),
  ],
  ['frozen', (redis) => redis.kill('SIGSTOP'), (redis) => redis.kill('SIGCONT')],
];

/** It is 2.5 s at most; the machine that runs the tests is busy. */
const soonMs = 5_000;

test.each(outages)(
  'while Redis is %s every call says so soon, and everything goes on when it is back',
  async (_what, take, giveBack) => {
    await using redis = await ensureRedis();
    await using shop = await openShop({ redisUrl: redis.url, keyTag: 'away', workers: 0, ingests: 0 });
    await using dead = openDeadLetters({ redisUrl: redis.url, keyTag: 'away' });
    const id = await dead.add();
    const browser = await shop.admin.signIn('admin');
    const bearer = shop.admin.as('admin');
    const calls: [string, (as: AdminCaller) => Promise<AdminAnswer>][] = [
      ...['orders', `orders/${id}`, 'bulk', 'factories', 'queue', 'history', 'audit', 'audit/export'].map(
        (path): [string, (as: AdminCaller) => Promise<AdminAnswer>] => [path, (as) => as.get(`/api/${path}`)],
      ),
      ['discard', (as) => as.post(`/api/orders/${id}/discard`, { why: 'x' })],
      ['reveal', (as) => as.post(`/api/orders/${id}/reveal`, { why: 'x' })],
      ['queue switch', (as) => as.post('/api/queue', { isPaused: true, why: 'x' })],
      ['factory switch', (as) => as.post('/api/factories/primary/switch', { to: 'open', why: 'x' })],
    ];

    await take(redis);
    try {
      for (const caller of [bearer, browser]) {
        const startedAt = performance.now();
        const answers = await Promise.all(
          calls.map(async ([name, call]) => [name, await call(caller)] as const),
        );
        expect(performance.now() - startedAt).toBeLessThan(soonMs);
        for (const [name, answer] of answers) {
          expect([name, answer.status, answer.body]).toEqual([
            name,
            503,
            expect.objectContaining({ message: expect.stringMatching(/^Redis does not answer/) }),
          ]);
          expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
        }
      }
      expect(await shop.admin.as('nobody').get('/readyz')).toMatchObject({ status: 503 });
      // Who is refused without asking Redis is refused as ever.
      expect((await shop.admin.as('nobody').get('/api/orders')).status).toBe(401);
      expect((await shop.admin.as('viewer').post('/api/queue', {})).status).toBe(403);
    } finally {
      await giveBack(redis);
    }

    await eventually(
      () => browser.get('/api/session'),
      ({ status }) => status === 200,
    );
    // What Redis was asked while it was frozen it may do when it wakes: the answer had said so.
    expect(['dead', 'discarded']).toContain((await dead.read(id)).state);
  },
);
