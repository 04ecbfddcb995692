import { afterEach, beforeEach, expect, test } from 'vitest';
import { createOrderConsumer, type JobDecision, type OrderConsumer } from './order-consumer.ts';
import { openTestLedger, type TestLedger } from '../testing/test-ledger.ts';

let box: TestLedger;
let consumer: OrderConsumer | undefined;
beforeEach(() => {
  box = openTestLedger();
});
afterEach(async () => {
  await consumer?.stop(100);
  await box[Symbol.asyncDispose]();
});

function consume(
  handle: (orderId: string, signal: AbortSignal) => Promise<JobDecision>,
  concurrency = 4,
): OrderConsumer {
  consumer = createOrderConsumer({ redis: box.redis, names: box.names, handle, onError: () => {} });
  consumer.setLimit(concurrency);
  return consumer;
}

test('an order that is done with leaves the queue without a trace, so that it can be added again', async () => {
  const handled: string[] = [];
  consume(async (id) => {
    handled.push(id);
    return { next: 'done' };
  });
  await box.queue.add('pb-1');
  await expect.poll(() => handled.length).toBe(1);
  await expect.poll(() => box.queue.missing(['pb-1'])).toEqual(['pb-1']);
  await box.queue.add('pb-1');
  await expect.poll(() => handled).toEqual(['pb-1', 'pb-1']);
});

test('an order is looked at again when its time has come', async () => {
  const times: number[] = [];
  consume(async () => {
    times.push(Date.now());
    return times.length === 1 ? { next: 'later', inMs: 300 } : { next: 'done' };
  });
  await box.queue.add('pb-1');
  await expect.poll(() => times.length, { timeout: 5_000 }).toBe(2);
  expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(290);
});

test('a handler that breaks loses no order', async () => {
  let calls = 0;
  consume(async () => {
    calls += 1;
    if (calls === 1) throw new Error('a bug');
    return { next: 'done' };
  });
  await box.queue.add('pb-1');
  await expect.poll(() => calls, { timeout: 15_000 }).toBe(2);
});

test('an idle consumer takes no order, and what is given back keeps its position at the head', async () => {
  const handled: string[] = [];
  const way = { open: false };
  const running = consume(async (id) => {
    handled.push(id);
    if (way.open) return { next: 'done' };
    running.setLimit(0);
    return { next: 'back' };
  }, 1);
  for (const id of ['pb-1', 'pb-2', 'pb-3']) await box.queue.add(id);
  await expect.poll(() => box.queue.counts()).toMatchObject({ waiting: 3, active: 0 });
  const handledWhileClosed = handled.length;
  // The watchdog goes by this: an idle one is not wedged, however long orders wait.
  expect(running.isHungry).toBe(false);
  way.open = true;
  running.setLimit(1);
  await expect.poll(() => box.queue.counts()).toMatchObject({ waiting: 0, active: 0 });
  expect(handled.slice(handledWhileClosed)).toEqual(['pb-1', 'pb-2', 'pb-3']);
});

test('a limit that is raised is used at once, and not when the order in hand is done', async () => {
  const started: string[] = [];
  const running = consume(async (id, signal) => {
    started.push(id);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return { next: 'back' };
  }, 1);
  for (const id of ['pb-1', 'pb-2', 'pb-3']) await box.queue.add(id);
  await expect.poll(() => started).toEqual(['pb-1']);
  running.setLimit(2);
  await expect.poll(() => started, { timeout: 3_000 }).toEqual(['pb-1', 'pb-2']);
});

test('stopping waits for what is in hand, aborts what takes too long, and does not hang', async () => {
  const aborted: string[] = [];
  const started: string[] = [];
  const running = consume(async (id, signal) => {
    started.push(id);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    aborted.push(id);
    return { next: 'back' };
  });
  await box.queue.add('pb-1');
  await expect.poll(() => started).toEqual(['pb-1']);
  await running.stop(200);
  expect(aborted).toEqual(['pb-1']);
  expect(await box.queue.counts()).toMatchObject({ waiting: 1, active: 0 });
});
