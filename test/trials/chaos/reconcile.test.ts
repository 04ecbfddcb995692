import { randomUUID } from 'node:crypto';
import { connectPatiently, createNames } from '@proofbox/ledger';
import { expect, inject, test } from 'vitest';
import { openBooks } from '../../support/backlog.ts';
import { reconcileLedger } from './reconcile.ts';

test('the command finds nothing in a ledger that fits, and says each thing that does not', async () => {
  const redisUrl = inject('redisUrl');
  const keyTag = `test-${randomUUID()}`;
  const names = createNames(keyTag);
  await using balance = openBooks({ redisUrl, keyTag });
  const [first] = await balance.fill(3);
  expect(await reconcileLedger({ redisUrl, keyTag })).toEqual([]);

  const redis = connectPatiently({ url: redisUrl, onError() {} });
  await redis.hincrby(names.counters, 'fulfilled', 1);
  await redis.zrem(names.byDiner('2'), first!);
  redis.disconnect();
  expect(await reconcileLedger({ redisUrl, keyTag })).toEqual([
    expect.stringMatching(/^the ledger does not balance: .*"fulfilled":\{"counter":1,"index":0\}/),
    expect.stringContaining(`orders in the wrong indexes: [{"id":"${first}"`),
  ]);
});

test('a Redis that cannot be reconciled is no clean ledger', async () => {
  await expect(reconcileLedger({ redisUrl: 'redis://127.0.0.1:1' })).rejects.toThrow(
    'proofbox reconcile ended',
  );
});
