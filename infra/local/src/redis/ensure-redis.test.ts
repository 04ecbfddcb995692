import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ensureRedis } from './ensure-redis.ts';
import { freePort } from '../stack/free-port.ts';
import { askRedis } from './redis-ask.ts';

test('what was written is there again after kill -9 and a restart on the same port', async () => {
  await using redis = await ensureRedis({ via: 'process' });
  const { url, pid } = redis;
  expect(await askRedis(url, ['SET', 'order', 'Käse'])).toBe('+OK');

  await redis.kill('SIGKILL');
  expect(await redis.exited).toEqual({ code: null, signal: 'SIGKILL' });
  await expect(askRedis(url, ['PING'])).rejects.toThrow('ECONNREFUSED');

  await redis.restart();
  expect(redis.url).toBe(url);
  expect(redis.pid).not.toBe(pid);
  expect(await askRedis(url, ['GET', 'order'])).toBe('Käse');
});

/** @guarantee G1 */
test('a Redis of ours is set up as a database: every write on the disk, nothing evicted, this machine only', async () => {
  await using redis = await ensureRedis({ via: 'process' });
  const wanted = {
    appendonly: 'yes',
    appendfsync: 'always',
    'no-appendfsync-on-rewrite': 'no',
    'aof-use-rdb-preamble': 'yes',
    'maxmemory-policy': 'noeviction',
    save: '',
    bind: '127.0.0.1',
    'protected-mode': 'yes',
  };
  for (const [name, value] of Object.entries(wanted)) {
    expect(await askRedis(redis.url, ['CONFIG', 'GET', name])).toBe(`${name}\n${value}`);
  }
});

test('a Redis of ours is gone when it is disposed, and its temporary data with it', async () => {
  const redis = await ensureRedis({ via: 'process' });
  const { url, dataDir } = redis;
  expect(existsSync(dataDir!)).toBe(true);
  await redis[Symbol.asyncDispose]();
  expect(existsSync(dataDir!)).toBe(false);
  await expect(askRedis(url, ['PING'])).rejects.toThrow('ECONNREFUSED');
});

test('a frozen Redis can be disposed', async () => {
  const redis = await ensureRedis({ via: 'process' });
  await redis.kill('SIGSTOP');
  await redis[Symbol.asyncDispose]();
  expect((await redis.exited).code).toBe(0);
});

test('a given Redis is used and left alone', async () => {
  await using redis = await ensureRedis({ via: 'process' });
  const given = await ensureRedis({ redisUrl: redis.url });
  expect(given).toMatchObject({ source: 'external', url: redis.url, port: redis.port });
  await expect(given.kill('SIGKILL')).rejects.toThrow('was not started here');
  await given[Symbol.asyncDispose]();
  expect(await askRedis(redis.url, ['PING'])).toBe('+PONG');
});

test('when the port is taken the error is one line that says so', async () => {
  await using redis = await ensureRedis({ via: 'process' });
  const failure = ensureRedis({ via: 'process', port: redis.port });
  await expect(failure).rejects.toThrow(/^Redis cannot start: port \d+ is in use$/);
});

test('what is not Redis is not ready', async () => {
  const port = await freePort();
  const failure = askRedis(`redis://127.0.0.1:${port}`, ['PING']);
  await expect(failure).rejects.toThrow('ECONNREFUSED');
});
