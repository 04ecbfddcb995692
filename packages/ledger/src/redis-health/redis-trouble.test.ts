import { expect, test } from 'vitest';
import { connectFailingFast } from '../redis/connections.ts';
import { isRedisTrouble, RedisAwayError, redisTroubleOf } from './redis-trouble.ts';

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
  [new Error('Command timed out'), 'away'],
  [new Error('Connection is closed.'), 'away'],
  [new Error('Socket timeout. Expecting data, but did not receive any in 4000ms.'), 'away'],
  [new Error("OOM command not allowed when used memory > 'maxmemory'."), 'away'],
  [new Error('LOADING Redis is loading the dataset in memory'), 'read_only'],
  [new Error("READONLY You can't write against a read only replica."), 'read_only'],
  [new Error('UNBLOCKED force unblock from blocking operation, instance state changed'), 'read_only'],
  [
    new Error("MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'."),
    'read_only',
  ],
  [new Error("NOPERM this user has no permissions to run the 'info' command"), 'unfit'],
  [new Error('NOPERM ACL failure in script: no permissions'), 'unfit'],
  [new Error("ERR The user executing the script can't run this command or subcommand"), 'unfit'],
  [new Error('NOAUTH Authentication required.'), 'unfit'],
  [new Error('WRONGPASS invalid username-password pair or user is disabled.'), 'unfit'],
  [new Error('DENIED Redis is running in protected mode'), 'unfit'],
  [new Error('MOVED 3999 127.0.0.1:6381'), 'unfit'],
  [new Error("CROSSSLOT Keys in request don't hash to the same slot"), 'unfit'],
  [new Error('CLUSTERDOWN Hash slot not served'), 'unfit'],
  [new Error('CLUSTERDOWN The cluster is down'), 'away'],
  [new Error('ERR max number of clients reached'), 'away'],
  [new Error('BUSY Redis is busy running a script.'), 'away'],
  [new Error('MISCONF Redis is configured to save RDB snapshots'), 'away'],
  [new Error('while adding', { cause: new Error('Command timed out') }), 'away'],
  [new RedisAwayError('there is no connection'), 'away'],
  [new Error('WRONGTYPE Operation against a key holding the wrong kind of value'), undefined],
  [new Error('ERR unknown command'), undefined],
  [new TypeError('x is undefined'), undefined],
  ['Command timed out', undefined],
  [undefined, undefined],
])('%s: %s', (error, trouble) => {
  expect(redisTroubleOf(error)).toBe(trouble);
});
