import { connectPatiently, createQueuePause, createNames, type QueuePause } from '@proofbox/ledger';
import { expect, inject, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { readMetrics } from '../support/metrics.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { randomUUID } from 'node:crypto';

const waitMs = 10_000;

type SwitchedShop = Shop &
  AsyncDisposable & {
    queuePause: QueuePause;
    /** When each living worker was last heard of, in ms since the epoch. */
    heartbeats(): Promise<number[]>;
  };

/** A shop with two workers, and somebody who can pause it. */
async function openSwitchedShop(): Promise<SwitchedShop> {
  await using opening = new AsyncDisposableStack();
  const keyTag = `test-${randomUUID()}`;
  const shop = opening.use(
    await openShop({ admin: false, keyTag, workers: 2, timings: { waitMs, factoryTimeoutMs: 8_000 } }),
  );
  const redis = connectPatiently({ url: inject('redisUrl'), onError: () => {} });
  opening.defer(() => redis.disconnect());
  const names = createNames(keyTag);
  const opened = opening.move();
  return {
    ...shop,
    queuePause: createQueuePause({ redis, names, onError: () => {} }),
    async heartbeats() {
      const roll = await redis.zrange(names.workers, '0', '-1', 'WITHSCORES');
      return roll.filter((_each, i) => i % 2 === 1).map(Number);
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

async function pausedOf(shop: Shop, worker: string): Promise<number | undefined> {
  const samples = await readMetrics(shop.stack.process(worker).url);
  return samples.find(({ name }) => name === 'proofbox_queue_paused')?.value;
}

async function requestsOf({ primary, fallback }: Shop): Promise<number> {
  const totals = await Promise.all([primary.totals(), fallback.totals()]);
  return totals.reduce((sum, { requests }) => sum + requests, 0);
}

async function fulfil(shop: Shop, id: string): Promise<void> {
  await eventually(
    () => shop.diner.status(id),
    ({ body }) => body.status === 'fulfilled',
  );
}

/** @guarantee G3 */
test('while the queue is paused orders are taken at once and wait, also before a worker that starts then; after that all are baked', async () => {
  await using shop = await openSwitchedShop();
  expect((await shop.diner.order()).status).toBe(200);
  await shop.stack.process('worker-2').stop();

  await shop.queuePause.set({ isPaused: true, by: 'ann', why: 'a new oven' });
  await eventually(
    () => pausedOf(shop, 'worker'),
    (paused) => paused === 1,
  );
  const before = await requestsOf(shop);
  const waiting = await Promise.all(Array.from({ length: 20 }, () => shop.diner.order()));
  expect(waiting.map(({ status }) => status)).toEqual(waiting.map(() => 202));
  expect(Math.max(...waiting.map(({ elapsedMs }) => elapsedMs))).toBeLessThan(waitMs / 2);

  await shop.stack.process('worker-2').restart();
  await eventually(
    () => pausedOf(shop, 'worker-2'),
    (paused) => paused === 1,
  );
  const ready = await fetch(`${shop.stack.process('worker-2').url}/readyz`);
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({ notes: [expect.stringContaining('paused the queue')] });
  // Both have looked again, twice, at everything they go by.
  const since = Date.now() + 2_000;
  await eventually(
    () => shop.heartbeats(),
    (beats) => beats.length === 2 && Math.min(...beats) > since,
  );
  expect(await requestsOf(shop)).toBe(before);

  await shop.queuePause.set({ isPaused: false, by: 'ann', why: 'it is hot' });
  for (const { body } of waiting) await fulfil(shop, body.order.id);
  expect(await requestsOf(shop)).toBe(before + waiting.length);
  expect(await pausedOf(shop, 'worker')).toBe(0);
  expect((await shop.diner.order()).status).toBe(200);
});

test('what is in hand when the queue is paused is finished, and nobody is kept waiting for what is not', async () => {
  await using shop = await openSwitchedShop();
  await Promise.all([
    shop.primary.misbehave({ kind: 'slow', ms: 3_000 }),
    shop.fallback.misbehave({ kind: 'down' }),
  ]);
  const placing = shop.diner.order();
  await eventually(
    () => requestsOf(shop),
    (requests) => requests === 1,
  );
  await shop.queuePause.set({ isPaused: true, by: 'ann', why: 'a new oven' });
  const { status, body, elapsedMs } = await placing;
  expect(status).toBe(202);
  expect(elapsedMs).toBeLessThan(waitMs);
  await fulfil(shop, body.order.id);
  expect(await shop.primary.order(body.order.id)).toMatchObject({ requests: 1, baked: 1 });
  expect(await shop.queuePause.refresh()).toMatchObject({ isPaused: true });
});
