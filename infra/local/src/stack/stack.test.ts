import { jwtVerify } from 'jose';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ensureRedis } from '../redis/ensure-redis.ts';
import { askRedis } from '../redis/redis-ask.ts';
import { startStack, type StackOptions } from './stack.ts';

const fixture = path.join(import.meta.dirname, '../fixtures/app.ts');
const withFixtures: StackOptions = { scriptOf: () => fixture };

async function environmentOf(url: string): Promise<Record<string, string>> {
  const response = await fetch(`${url}/environment`);
  return (await response.json()) as Record<string, string>;
}

test('each process gets its own settings, and what the caller adds wins', async () => {
  await using redis = await ensureRedis({ via: 'process' });
  await using stack = await startStack({
    ...withFixtures,
    redisUrl: redis.url,
    keyTag: 'mine',
    ingests: 2,
    workers: 2,
    timings: { waitMs: 100, latencyMs: 5 },
    env: { all: { LOG_LEVEL: 'warn' }, worker: { WORKER_CONCURRENCY: '3' } },
  });
  const { urls, apiKeys } = stack;
  const factories = { FACTORY_PRIMARY_URL: urls.primary, FACTORY_FALLBACK_URL: urls.fallback };
  const servers = { REDIS_URL: redis.url, REDIS_KEY_TAG: 'mine', LOG_LEVEL: 'warn', HOST: '127.0.0.1' };

  expect([...stack.processes.keys()]).toEqual([
    'ingest',
    'ingest-2',
    'worker',
    'worker-2',
    'admin',
    'primary',
    'fallback',
  ]);
  expect(await environmentOf(stack.process('ingest-2').url)).toMatchObject({
    ...servers,
    ...factories,
    AUTH_JWT_SECRET: stack.authSecret,
    VENDOR_API_KEYS: stack.vendorApiKey,
    WAIT_MS: '100',
  });
  expect(await environmentOf(stack.process('worker-2').url)).toMatchObject({
    ...servers,
    ...factories,
    FACTORY_PRIMARY_API_KEY: apiKeys.primary,
    FACTORY_FALLBACK_API_KEY: apiKeys.fallback,
    WORKER_CONCURRENCY: '3',
  });
  expect(await environmentOf(urls.admin)).toMatchObject(servers);
  expect(await environmentOf(urls.primaryControl)).toMatchObject({
    FACTORY_NAME: 'primary',
    API_KEYS: apiKeys.primary,
    LATENCY_MS: '5',
    KEY_BITS: '2048',
    PORT: String(stack.ports.primary),
    CONTROL_PORT: String(stack.ports.primaryControl),
  });
});

test('without a fallback nobody is told of one', async () => {
  await using stack = await startStack({ ...withFixtures, fallback: false, admin: false });
  expect([...stack.processes.keys()]).toEqual(['ingest', 'worker', 'primary']);
  const names = Object.keys(await environmentOf(stack.urls.worker));
  expect(names.filter((name) => name.includes('FALLBACK'))).toEqual([]);
});

test('it closes ingest, worker, admin, factories and last of all its Redis', async () => {
  const stack = await startStack(withFixtures);
  const ended: string[] = [];
  for (const [name, process] of stack.processes) void process.exited.then(() => ended.push(name));
  void stack.redis!.exited.then(() => ended.push('redis'));
  await stack[Symbol.asyncDispose]();
  expect(ended).toEqual(['ingest', 'worker', 'admin', 'primary', 'fallback', 'redis']);
});

test('when one process cannot start, nothing is left running', async () => {
  const redis = await ensureRedis({ via: 'process' });
  const env = { worker: { DIE_WITH: 'no yeast' }, admin: { DIE_WITH: 'no flour' } };
  const failure = startStack({ ...withFixtures, redis, env });
  await expect(failure).rejects.toThrow(/worker ended before .*no yeast\nadmin ended before .*no flour/s);
  await expect(askRedis(redis.url, ['PING'])).rejects.toThrow('ECONNREFUSED');
});

test('its tokens are those of jwt-pizza-service', async () => {
  await using stack = await startStack({
    ...withFixtures,
    ingests: 0,
    workers: 0,
    admin: false,
    fallback: false,
    authSecret: 'dough',
  });
  expect([...stack.processes.keys()]).toEqual(['primary']);
  const token = await stack.tokenFor({ id: 2, name: 'pizza diner', email: 'd@jwt.com' });
  const { payload } = await jwtVerify(token, new TextEncoder().encode('dough'), { algorithms: ['HS256'] });
  expect(payload).toEqual({
    id: 2,
    name: 'pizza diner',
    email: 'd@jwt.com',
    roles: [{ role: 'diner' }],
    iat: expect.any(Number),
  });
});
