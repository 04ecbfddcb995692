import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { askRedis, ensureRedis } from '@proofbox/local';
import { describe, expect, inject, test } from 'vitest';
import { startIngestAlone } from '../support/ingest-alone.ts';
import { readMetrics } from '../support/metrics.ts';
import { eventually } from '../support/eventually.ts';

const settings = {
  PORT: '0',
  AUTH_JWT_SECRET: 'the secret of the login service, which is long enough',
  FACTORY_PRIMARY_URL: 'http://127.0.0.1:1',
  FACTORY_PRIMARY_API_KEY: 'key',
};

async function run(app: string, env: Record<string, string>): Promise<{ code: number; err: string }> {
  const script = path.join(import.meta.dirname, '../../apps', app);
  const args = app.startsWith('cli/') ? ['reconcile'] : [];
  const child = spawn(process.execPath, [script, ...args], {
    env: { ...settings, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { code: code as number, err };
}

const apps = [
  ['ingest/dist/main.js', 1],
  ['worker/dist/main.js', 1],
  ['admin/dist/main.js', 1],
  ['cli/dist/main.js', 2],
] as const;

describe.each(apps)('%s says in one line, without a stack or a password, what is wrong with', (app, code) => {
  test.each([
    ['a bare %', { REDIS_URL: 'redis://:hunter2%@127.0.0.1' }, /REDIS_URL is not valid: .*%25\n$/],
    ['a database by name', { REDIS_URL: 'redis://:hunter2@127.0.0.1/orders' }, /number of a database.*\n$/],
    [
      'a key tag with a brace',
      { REDIS_URL: 'redis://h', REDIS_KEY_TAG: 'a}b' },
      /REDIS_KEY_TAG is not valid: /,
    ],
  ])('%s', async (_what, env, problem) => {
    const ended = await run(app, env);
    expect(ended).toEqual({ code, err: expect.stringMatching(problem) });
    expect(ended.err.trim().split('\n')).toHaveLength(1);
    expect(ended.err).not.toMatch(/hunter2|orders|a}b/);
  });

  test('a database that Redis does not have', async () => {
    const { code: ended, err } = await run(app, { REDIS_URL: `${inject('redisUrl')}/99999` });
    expect(err.trim().split('\n')).toEqual([
      expect.stringMatching(/REDIS_URL is not valid: expected the number of a database that Redis has /),
    ]);
    expect(ended).toBe(code);
  });
});

test('shops in two databases share a folder, and neither takes the orders of the other', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'proofbox-two-'));
  const undeliveredBy = async (database: number, orders: number): Promise<number | undefined> => {
    await using ingest = await startIngestAlone({
      REDIS_URL: `redis://127.0.0.1:1/${database}`,
      OUTBOX_DIR: folder,
    });
    for (let i = 0; i < orders; i += 1) await ingest.diner.order();
    return (await readMetrics(ingest.url)).find(
      ({ name, labels }) => name === 'proofbox_outbox_orders' && labels['state'] === 'undelivered',
    )?.value;
  };
  expect(await undeliveredBy(1, 2)).toBe(2);
  expect(await undeliveredBy(2, 0)).toBe(0);
  expect(await undeliveredBy(1, 0)).toBe(2);
  await rm(folder, { recursive: true });
});

test('a database that Redis turns out not to have later is never taken for database 0', async () => {
  await using redis = await ensureRedis();
  await redis.kill('SIGKILL');
  await redis.exited;
  await using ingest = await startIngestAlone({ REDIS_URL: `${redis.url}/99` });
  expect((await ingest.diner.order()).status).toBe(202);
  await redis.restart();
  await eventually(
    async () => ingest.logs(),
    (logs) => logs.split('DB index is out of range').length > 2,
  );
  expect(await askRedis(redis.url, ['DBSIZE'])).toBe(':0');
  const undelivered = (await readMetrics(ingest.url)).find(
    ({ name, labels }) => name === 'proofbox_outbox_orders' && labels['state'] === 'undelivered',
  );
  expect(undelivered?.value).toBe(1);
});
