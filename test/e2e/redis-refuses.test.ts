import { askRedis, ensureRedis, type Redis } from '@proofbox/local';
import { describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startIngestAlone } from '../support/ingest-alone.ts';
import { readMetrics } from '../support/metrics.ts';
import { readinessOf } from '../support/readiness.ts';
import { openShop } from '../support/shop.ts';

/** What docs/operate/redis.md says that Proofbox needs. */
const needed = ['~{proofbox}:*', '&{proofbox}:*', '+@all', '-@admin', '-@dangerous', '+info', '+config|get'];

const refusing: [string, string[], RegExp][] = [
  ['channels', ['resetchannels'], /refuses us .*PUBLISH/],
  ['INFO', ['-info'], /NOPERM.*info/],
  ['scripts', ['-eval', '-evalsha'], /NOPERM.*eval/],
  ['our keys', ['resetkeys', '~other:*'], /NOPERM.*key/],
  ['writing', ['-@write'], /refuses us SET, .*ZADD/],
  ['one command', ['-zadd'], /refuses us ZADD: allow /],
];

async function setUser(redis: Redis, ...rules: string[]): Promise<void> {
  expect(await askRedis(redis.url, ['ACL', 'SETUSER', 'shop', ...rules])).toBe('+OK');
}

function urlOf(redis: Redis, login: string): string {
  return redis.url.replace('redis://', `redis://${login}@`);
}

/** Not one 202 that is never baked: refused, clearly, and nothing is kept. @returns what /readyz says */
async function refusalOf(url: string, redisUrl: string, reason: RegExp): Promise<string> {
  await using ingest = await startIngestAlone({ REDIS_URL: redisUrl });
  const early = await ingest.diner.order();
  const { status, body } = await eventually(
    () => readinessOf(ingest.url),
    (ready) => reason.test(ready.body.reasons.join(' ')),
  );
  expect(status).toBe(503);
  const late = await ingest.diner.order();
  expect([early, late]).toMatchObject([early, late].map(() => ({ status: 503 })));
  const undelivered = (await readMetrics(ingest.url)).find(
    ({ name, labels }) => name === 'proofbox_outbox_orders' && labels['state'] === 'undelivered',
  );
  expect(undelivered?.value).toBe(0);
  const lines = ingest.logs().split('\n');
  const told = lines.filter((line) => line.includes('"msg":"Redis is unfit') && reason.test(line)).length;
  // It is asked each second, and told when that changes: of EVAL and EVALSHA one is refused after the other.
  expect([1, 2]).toContain(told);
  expect(ingest.logs()).not.toMatch(/hunter2/);
  expect(await askRedis(url, ['EXISTS', '{proofbox}:counters'])).toBe(':0');
  return body.reasons.join(' ');
}

/** @guarantee G9 */
describe('ingest is not ready, says why in one line, and promises nothing, where Redis refuses', () => {
  test.each(refusing)('%s', async (_what, rules, reason) => {
    await using redis = await ensureRedis();
    await setUser(redis, 'on', '>hunter2', ...needed, ...rules);
    expect(await refusalOf(redis.url, urlOf(redis, 'shop:hunter2'), reason)).toMatch(reason);
  });

  test('subscriptions alone', async () => {
    await using redis = await ensureRedis();
    await setUser(redis, 'on', '>hunter2', ...needed, '-subscribe');
    await using ingest = await startIngestAlone({ REDIS_URL: urlOf(redis, 'shop:hunter2') });
    await eventually(
      () => readinessOf(ingest.url),
      ({ status, body }) => status === 503 && /NOPERM.*subscribe/.test(body.reasons.join(' ')),
    );
    expect(await ingest.diner.order()).toMatchObject({ status: 503 });
  });

  test.each([
    ['a wrong password', 'shop:hunter22', /WRONGPASS.*correct it/],
    ['a name that nobody has', 'nobody:hunter2', /WRONGPASS/],
  ])('%s', async (_what, login, reason) => {
    await using redis = await ensureRedis();
    await setUser(redis, 'on', '>hunter2', ...needed);
    expect(await refusalOf(redis.url, urlOf(redis, login), reason)).toMatch(reason);
  });

  test('who has no password', async () => {
    await using redis = await ensureRedis();
    await setUser(redis, 'on', '>hunter2', '~*', '&*', '+@all');
    await askRedis(redis.url, ['CONFIG', 'SET', 'requirepass', 'hunter2']);
    const says = await refusalOf(urlOf(redis, 'shop:hunter2'), redis.url, /NOAUTH/);
    expect(says).toMatch(/put it in, and restart\.$/);
  });
});

test('a node of a cluster is named that knows another one with our slot', async () => {
  await using redis = await ensureRedis({ args: ['--cluster-enabled', 'yes'] });
  await using other = await ensureRedis({ args: ['--cluster-enabled', 'yes'] });
  await askRedis(other.url, ['CLUSTER', 'ADDSLOTSRANGE', '0', '16383']);
  await askRedis(redis.url, ['CLUSTER', 'MEET', '127.0.0.1', String(other.port)]);
  await eventually(
    () => askRedis(redis.url, ['EXISTS', '{proofbox}:counters']),
    (reply) => reply.startsWith('-MOVED'),
  );
  await using ingest = await startIngestAlone({ REDIS_URL: redis.url });
  expect(await ingest.diner.order()).toMatchObject({ status: 503 });
  expect((await readinessOf(ingest.url)).body.reasons).toEqual([
    expect.stringMatching(/node of a cluster .*MOVED.*set REDIS_URL to the node/),
  ]);
});

test('a node of a cluster that owns none of our slots is named, until it does', async () => {
  await using redis = await ensureRedis({ args: ['--cluster-enabled', 'yes'] });
  await using ingest = await startIngestAlone({ REDIS_URL: redis.url });
  const reasonOf = async (): Promise<string> => (await readinessOf(ingest.url)).body.reasons.join(' ');
  await eventually(reasonOf, (reason) => /node of a cluster .*CLUSTERDOWN.*set REDIS_URL/.test(reason));
  expect(await ingest.diner.order()).toMatchObject({ status: 503 });
  await askRedis(redis.url, ['CLUSTER', 'ADDSLOTSRANGE', '0', '16383']);
  await eventually(
    () => readinessOf(ingest.url),
    ({ status }) => status === 200,
  );
  expect(await ingest.diner.order()).toMatchObject({ status: 202 });
});

/** @guarantee G9 */
test('a user with no more than the guide names runs a whole shop, and a right that is taken away or given back is noticed', async () => {
  await using redis = await ensureRedis();
  await setUser(redis, 'on', '>hunter2', ...needed);
  await using shop = await openShop({ redisUrl: urlOf(redis, 'shop:hunter2'), keyTag: 'proofbox' });
  const { ingest, worker, admin } = shop.stack.urls;
  expect((await shop.diner.order()).status).toBe(200);

  const all = [ingest, worker, admin];
  for (const [rule, reason] of [
    ['resetchannels', /PUBLISH|subscribe|channel/i],
    ['-info', /info/],
  ] as const) {
    await setUser(redis, rule);
    for (const url of all)
      await eventually(
        () => readinessOf(url),
        ({ status, body }) => status === 503 && reason.test(body.reasons.join(' ')),
        45_000,
      );
    expect((await shop.diner.order()).status).toBe(503);
    await setUser(redis, '&{proofbox}:*', '+info');
    for (const url of all)
      await eventually(
        () => readinessOf(url),
        ({ status }) => status === 200,
        45_000,
      );
    expect((await shop.diner.order()).status).toBe(200);
  }
});

/** @guarantee G9 */
test('a shop whose Redis refused INFO at first works once it is allowed, without a restart', async () => {
  await using redis = await ensureRedis();
  await setUser(redis, 'on', '>hunter2', ...needed, '-info');
  await using ingest = await startIngestAlone({ REDIS_URL: urlOf(redis, 'shop:hunter2') });
  await eventually(
    () => readinessOf(ingest.url),
    ({ body }) => /info/.test(body.reasons.join(' ')),
  );
  await setUser(redis, '+info');
  await eventually(
    () => readinessOf(ingest.url),
    ({ status }) => status === 200,
  );
  const { body } = await ingest.diner.order();
  expect(await askRedis(redis.url, ['EXISTS', `{proofbox}:orders:${body.order.id}`])).toBe(':1');
});
