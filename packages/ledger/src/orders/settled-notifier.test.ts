import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { settledAmong } from './settled-among.ts';
import { openTestLedger, type TestLedger } from '../testing/test-ledger.ts';
import { createSettledNotifier } from './settled-notifier.ts';

let box: TestLedger;
beforeEach(() => void (box = openTestLedger()));
afterEach(() => box[Symbol.asyncDispose]());

test('who waits is woken for an order that was settled without a word, and for no other', async () => {
  const subscriber = box.redis.duplicate();
  const settledNotifier = createSettledNotifier({ redis: subscriber, names: box.names, onError() {} });
  await once(subscriber, 'ready');
  const [settled, waiting] = [await box.accepted(), await box.accepted()];
  const woken: string[] = [];
  const ends = [settled, waiting, 'pb-unknown'].map((id) => {
    const next = settledNotifier.next(id, 60_000);
    void next.woken.then(() => woken.push(id));
    return next;
  });
  await box.redis.hset(box.names.order(settled), 'state', 'dead');
  await settledNotifier.look((ids) => settledAmong(box, ids));
  await expect.poll(() => woken).toEqual([settled]);
  for (const { cancel } of ends) cancel();
  subscriber.disconnect();
});
