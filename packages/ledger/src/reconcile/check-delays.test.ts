import { Queue } from 'bullmq';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDelayCheck } from './check-delays.ts';
import { openTestLedger, type TestLedger } from '../testing/test-ledger.ts';

const hourMs = 3_600_000;

let box: TestLedger;
let bull: Queue;
beforeEach(() => {
  box = openTestLedger();
  box.clock.now = Date.now();
  bull = new Queue(box.names.queueName, {
    connection: box.redis,
    prefix: box.names.queuePrefix,
    skipVersionCheck: true,
  });
});
afterEach(async () => {
  await bull.close();
  await box[Symbol.asyncDispose]();
});

/** As a worker leaves a job, whose clock is off by so much, when its order is to wait for 30 s. */
async function delayed({ clockOffMs }: { clockOffMs: number }): Promise<string> {
  const attempt = await box.begin(await box.accepted());
  await box.ledger.settle({ ...attempt, outcome: { kind: 'failed', detail: 'no' } });
  await box.ledger.requeue(attempt.id, 30_000);
  const timestamp = box.clock.now + clockOffMs;
  await bull.add('order', { orderId: attempt.id }, { jobId: attempt.id, delay: 30_000, timestamp });
  return attempt.id;
}

/** By a process whose own clock is off by so much. */
function reconcile({ clockOffMs = 0, mend = true } = {}): Promise<string[]> {
  const { redis, names, queue, clock } = box;
  const wall = () => clock.now + clockOffMs;
  return createDelayCheck({ redis, names, queue, now: () => clock.now, wall })({ mend });
}

test('a job that a clock ahead has delayed by hours waits for as long as its order is to, and then no more', async () => {
  const id = await delayed({ clockOffMs: 25 * hourMs });
  expect(await reconcile()).toEqual([]);
  box.clock.now += 30_000;
  expect(await reconcile({ mend: false })).toEqual([id]);
  expect(await box.queue.counts()).toMatchObject({ delayed: 1, waiting: 0 });
  expect(await reconcile()).toEqual([id]);
  expect(await box.queue.counts()).toMatchObject({ delayed: 0, waiting: 1 });
  expect(await reconcile()).toEqual([]);
});

test('a job that is due, which no worker sees whose clock is behind, is taken out of its wait', async () => {
  const id = await delayed({ clockOffMs: 0 });
  box.clock.now += 30_000 + 2_001;
  expect(await reconcile()).toEqual([]);
  expect(await reconcile({ clockOffMs: -hourMs })).toEqual([id]);
  expect(await box.queue.counts()).toMatchObject({ delayed: 0, waiting: 1 });
});

test('jobs that wait for their time by clocks that are right are left alone', async () => {
  await delayed({ clockOffMs: 0 });
  for (const clockOffMs of [0, hourMs, -hourMs]) expect(await reconcile({ clockOffMs })).toEqual([]);
  expect(await box.queue.counts()).toMatchObject({ delayed: 1 });
});

test('a job of no order, far in the future, waits no more: the worker that takes it lets it go', async () => {
  const timestamp = box.clock.now + 25 * hourMs;
  await bull.add('order', { orderId: 'pb-nobody' }, { jobId: 'pb-nobody', delay: 1, timestamp });
  expect(await reconcile()).toEqual(['pb-nobody']);
});
