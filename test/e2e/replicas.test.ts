import { connectPatiently, watchReplicas } from '@proofbox/ledger';
import { ensureRedis } from '@proofbox/local';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startIngestAlone } from '../support/ingest-alone.ts';

test('what was written counts only once the replica has it', async () => {
  await using primary = await ensureRedis();
  await using replica = await ensureRedis({ args: ['--replicaof', `127.0.0.1 ${primary.port}`] });
  const redis = connectPatiently({ url: primary.url, onError: () => {} });
  const replicas = watchReplicas({ redis, atLeast: 1, timeoutMs: 300 });
  await redis.set('before', 1);
  await eventually(
    () =>
      replicas.confirm().then(
        () => true,
        () => false,
      ),
    (confirmed) => confirmed,
  );
  await replica.kill('SIGSTOP');
  await redis.set('after', 1);
  await expect(replicas.confirm()).rejects.toThrow('only 0 of 1 replicas (REDIS_MIN_REPLICAS)');
  await replica.kill('SIGCONT');
  await redis.set('again', 1);
  await eventually(
    () =>
      replicas.confirm().then(
        () => true,
        () => false,
      ),
    (confirmed) => confirmed,
  );
  redis.disconnect();
});

test('with REDIS_MIN_REPLICAS an order that the replica does not have is on the local disk', async () => {
  await using primary = await ensureRedis();
  await using replica = await ensureRedis({ args: ['--replicaof', `127.0.0.1 ${primary.port}`] });
  await using ingest = await startIngestAlone({ REDIS_URL: primary.url, REDIS_MIN_REPLICAS: '1' });
  const place = async (): Promise<string> => {
    const { body } = await ingest.diner.order();
    return /"status":"(\w+)"/.exec(
      ingest
        .logs()
        .split('\n')
        .find((line) => line.includes(body.order.id) && line.includes('status'))!,
    )![1]!;
  };
  await eventually(place, (status) => status === 'accepted');
  await replica.kill('SIGSTOP');
  expect(await place()).toBe('undelivered');
  await replica.kill('SIGCONT');
  await eventually(place, (status) => status === 'accepted');
});
