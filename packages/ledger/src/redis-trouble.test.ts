import { expect, test } from 'vitest';
import { connectFailingFast } from './connections.ts';
import { isRedisTrouble } from './redis-trouble.ts';
import { RedisAwayError } from './redis-watch.ts';

test('what a connection says that cannot be had is trouble of Redis', async () => {
  const heard: Error[] = [];
  const redis = connectFailingFast({ url: 'redis://127.0.0.1:1', onError: (error) => heard.push(error) });
  try {
    const failed = await redis.get('anything').catch((error: unknown) => error);
    expect([failed, isRedisTrouble(failed)]).toEqual([expect.any(Error), true]);
    await expect.poll(() => heard.length).toBeGreaterThan(0);
    expect(heard.map(isRedisTrouble)).toEqual(heard.map(() => true));
  } finally {
    redis.disconnect();
  }
});

test.each([
  [new Error('Command timed out'), true],
  [new Error('Connection is closed.'), true],
  [new Error("OOM command not allowed when used memory > 'maxmemory'."), true],
  [new Error('LOADING Redis is loading the dataset in memory'), true],
  [new Error('while adding', { cause: new Error('Command timed out') }), true],
  [new RedisAwayError('there is no connection'), true],
  [new Error('WRONGTYPE Operation against a key holding the wrong kind of value'), false],
  [new Error('ERR unknown command'), false],
  [new TypeError('x is undefined'), false],
  ['Command timed out', false],
  [undefined, false],
])('%s: %s', (error, isTrouble) => {
  expect(isRedisTrouble(error)).toBe(isTrouble);
});
