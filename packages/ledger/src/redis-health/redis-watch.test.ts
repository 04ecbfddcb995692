import { randomUUID } from 'node:crypto';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Redis } from 'ioredis';
import { afterEach, expect, inject, test, vi } from 'vitest';
import { connectFailingFast } from '../redis/connections.ts';
import { createNames } from '../redis/names.ts';
import type { RedisCondition } from './redis-condition.ts';
import { RedisAwayError } from './redis-trouble.ts';
import { RedisWatch } from './redis-watch.ts';
import { urlAt } from '../testing/test-link.ts';

const open: Disposable[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each[Symbol.dispose]();
});

function watch(
  url: string,
  onFacts = () => {},
): { watch: RedisWatch; redis: Redis; conditions: RedisCondition[] } {
  const redis = connectFailingFast({ url, onError: () => {} });
  const conditions: RedisCondition[] = [];
  const it = new RedisWatch({
    redis,
    names: createNames(`test-${randomUUID()}`),
    // Whatever the run's Redis is like.
    rules: { isTrusted: true, minReplicas: 0 },
    onCondition: (condition) => conditions.push(condition),
    onFacts,
  });
  open.push({ [Symbol.dispose]: () => redis.disconnect() }, it);
  return { watch: it, redis, conditions };
}

const untilFit = (it: RedisWatch) => vi.waitFor(() => expect(it.condition).toEqual({ state: 'fit' }), 5_000);

test('a Redis that answers is fit, and does what it is asked', async () => {
  const { watch: it, redis, conditions } = watch(inject('redisUrl'));
  expect(it.condition).toEqual({ state: 'unknown' });
  await expect(it.ask(() => redis.ping())).rejects.toThrow(RedisAwayError);
  await untilFit(it);
  expect(await it.ask(() => redis.ping())).toBe('PONG');
  expect(conditions).toEqual([{ state: 'fit' }]);
});

test('whoever waits learns at once that the connection is gone', async () => {
  const { watch: it, redis } = watch(inject('redisUrl'));
  await untilFit(it);
  const startedAt = performance.now();
  const waiting = it.ask(() => new Promise(() => {}));
  redis.stream.destroy();
  await expect(waiting).rejects.toThrow(RedisAwayError);
  expect(performance.now() - startedAt).toBeLessThan(3_000);
  expect(it.condition).toMatchObject({ state: 'away' });
  await untilFit(it);
});

test('whoever waits does so for a second, and after that nobody waits until Redis has answered again', async () => {
  const { watch: it, conditions } = watch(inject('redisUrl'));
  await untilFit(it);
  const startedAt = performance.now();
  const waiting = it.ask(() => new Promise(() => {}));
  await expect(waiting).rejects.toThrow('did not answer within 1000 ms');
  expect(performance.now() - startedAt).toBeGreaterThan(900);
  await untilFit(it);
  expect(conditions.map(({ state }) => state)).toEqual(['fit', 'away', 'fit']);
});

test('out of memory is full, and not away', async () => {
  const { watch: it, conditions } = watch(inject('redisUrl'));
  await untilFit(it);
  const refused = () => Promise.reject(new Error("OOM command not allowed when used memory > 'maxmemory'."));
  await expect(it.ask(refused)).rejects.toThrow('OOM');
  expect(conditions.at(-1)).toMatchObject({ state: 'full' });
});

test('what was refused once is remembered for a while, also where asking finds nothing wrong', async () => {
  let looks = 0;
  const { watch: it, conditions } = watch(inject('redisUrl'), () => (looks += 1));
  await untilFit(it);
  const refused = () =>
    Promise.reject(new Error("NOPERM this user has no permissions to run the 'x' command"));
  await expect(it.ask(refused)).rejects.toThrow('NOPERM');
  const before = looks;
  await vi.waitFor(() => expect(looks).toBeGreaterThan(before + 1), 10_000);
  expect(conditions).toEqual([
    { state: 'fit' },
    { state: 'unfit', reasons: [expect.stringMatching(/NOPERM .* 'x' command/)] },
  ]);
});

test('a Redis that is not there is away', async () => {
  const { watch: it } = watch('redis://127.0.0.1:1');
  await vi.waitFor(
    () => expect(it.condition).toMatchObject({ state: 'away', why: expect.stringMatching(/ECONNREFUSED/) }),
    3_000,
  );
});

test('a connection on which nothing comes back is given up for another one', async () => {
  let connections = 0;
  const sockets = new Set<Socket>();
  let isSilent = false;
  const proxy = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    const { hostname, port } = new URL(inject('redisUrl'));
    const upstream = connect(Number(port), hostname);
    sockets.add(upstream);
    socket.on('data', (data) => upstream.write(data)).on('error', () => {});
    upstream.on('data', (data) => isSilent || socket.write(data)).on('error', () => {});
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  open.push({
    [Symbol.dispose]: () => {
      proxy.close();
      for (const socket of sockets) socket.destroy();
    },
  });
  const { watch: it } = watch(urlAt(inject('redisUrl'), (proxy.address() as AddressInfo).port));
  await untilFit(it);
  isSilent = true;
  await vi.waitFor(() => expect(it.condition).toMatchObject({ state: 'away' }), 10_000);
  await vi.waitFor(() => expect(connections).toBeGreaterThan(1), 15_000);
  isSilent = false;
  await vi.waitFor(() => expect(it.condition).toEqual({ state: 'fit' }), 10_000);
});
