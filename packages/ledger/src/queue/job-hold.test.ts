import { setTimeout as pause } from 'node:timers/promises';
import { expect, inject, test } from 'vitest';
import { connectPatiently } from '../redis/connections.ts';
import { createOrderConsumer } from './order-consumer.ts';
import { openTestLedger } from '../testing/test-ledger.ts';
import { openTestLink } from '../testing/test-link.ts';

/** Longer than a worker may be sure of a lock that it has not renewed. */
const longMs = 9_000;

test.for([
  ['a worker that hears from Redis is sure of its order, however long it has it', { isSilent: false }],
  [
    'a worker that heard nothing for 8 s is not sure of its order any more, and lets go of it',
    { isSilent: true },
  ],
] as const)('%s', async ([, { isSilent }]) => {
  await using opened = new AsyncDisposableStack();
  const box = opened.use(openTestLedger());
  const link = opened.use(await openTestLink(inject('redisUrl')));
  const redis = opened.adopt(connectPatiently({ url: link.url, onError() {} }), (each) => each.disconnect());
  const taken = Promise.withResolvers<{ signal: AbortSignal; checkHold: () => void }>();
  const checked = Promise.withResolvers<void>();
  const consumer = createOrderConsumer({
    redis,
    names: box.names,
    async handle(_id, signal, checkHold) {
      taken.resolve({ signal, checkHold });
      await checked.promise;
      return { next: 'done' };
    },
    onError() {},
  });
  opened.defer(() => consumer.stop(100));
  consumer.setLimit(1);
  await box.queue.add('pb-1');

  const { signal, checkHold } = await taken.promise;
  checkHold();
  expect(signal.aborted).toBe(false);
  if (isSilent) link.silenceAll();
  await pause(longMs);
  expect(signal.aborted).toBe(false);
  checkHold();
  expect(signal.aborted).toBe(isSilent);
  checked.resolve();
});
