import { Worker } from 'bullmq';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { enqueueReplayed } from './enqueue-replayed.ts';
import { openTestLedger, type TestLedger } from '../testing/test-ledger.ts';

let box: TestLedger;
beforeEach(() => {
  box = openTestLedger();
});
afterEach(() => box[Symbol.asyncDispose]());

test('an order that is replayed while its old job is just being removed has a job after that', async () => {
  const id = await box.accepted();
  await box.queue.add(id);
  const taken = Promise.withResolvers<void>();
  const finished = Promise.withResolvers<void>();
  const { queueName, queuePrefix: prefix } = box.names;
  const worker = new Worker(
    queueName,
    async () => {
      taken.resolve();
      await finished.promise;
    },
    { connection: box.redis, prefix, skipVersionCheck: true },
  );
  try {
    await taken.promise;
    await box.ledger.deadLetter({ id, state: 'dead', reason: 'rejected' });
    await box.ledger.replay({ id, deadlineMs: 60_000, by: 'ann', why: '' });
    await worker.pause(true);
    const completed = new Promise((resolve) => worker.once('completed', resolve));
    const putting = enqueueReplayed({ queue: box.queue, ids: [id] });
    finished.resolve();
    await completed;
    await putting;
    expect(await box.queue.missing([id])).toEqual([]);
  } finally {
    await worker.close();
  }
});

test('many at once are added each, and those that are there already once', async () => {
  const ids = Array.from({ length: 450 }, (_each, n) => `pb-${n}`);
  await box.queue.add('pb-7');
  await enqueueReplayed({ queue: box.queue, ids });
  expect(await box.queue.counts()).toEqual({ waiting: 450, delayed: 0, active: 0 });
});
