import { ensureRedis } from '@proofbox/local';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { openShop } from '../support/shop.ts';

/** @guarantee G1 */
test('kill -9 of the worker in mid attempt: the order is baked once after a restart, and its story tells of the interruption', async () => {
  await using shop = await openShop({
    admin: false,
    fallback: false,
    timings: { waitMs: 0, factoryTimeoutMs: 30_000 },
  });
  await shop.primary.misbehave({ kind: 'hang' });
  const { body } = await shop.diner.order();
  await eventually(
    () => shop.primary.order(body.order.id),
    ({ requests }) => requests === 1,
  );

  const worker = shop.stack.process('worker');
  worker.kill('SIGKILL');
  await worker.exited;
  await shop.primary.mend();
  await worker.restart();

  const done = await eventually(
    () => shop.diner.status(body.order.id),
    (answer) => answer.body.status === 'fulfilled',
    40_000,
  );
  expect(done.body.attempts).toMatchObject([
    { n: 1, outcome: 'unknown' },
    { n: 2, outcome: 'fulfilled' },
  ]);
  expect(await shop.primary.order(body.order.id)).toMatchObject({ requests: 2, baked: 1 });
});

test('SIGTERM of the worker while a factory hangs: it stops in time, and the order is baked by the next one', async () => {
  await using shop = await openShop({
    admin: false,
    fallback: false,
    timings: { waitMs: 0, factoryTimeoutMs: 60_000 },
  });
  await shop.primary.misbehave({ kind: 'hang' });
  const { body } = await shop.diner.order();
  await eventually(
    () => shop.primary.order(body.order.id),
    ({ requests }) => requests === 1,
  );

  const worker = shop.stack.process('worker');
  worker.kill('SIGTERM');
  // With another code, had it not stopped in time.
  expect(await worker.exited).toMatchObject({ code: 0 });
  expect((await shop.diner.status(body.order.id)).body).toMatchObject({
    status: 'retrying',
    attempts: [{ outcome: 'unknown' }],
  });

  await shop.primary.mend();
  await worker.restart();
  await eventually(
    () => shop.diner.status(body.order.id),
    (answer) => answer.body.status === 'fulfilled',
  );
  expect(await shop.primary.order(body.order.id)).toMatchObject({ baked: 1 });
});

test('SIGTERM of the worker while orders are being baked: they are finished first', async () => {
  await using shop = await openShop({
    admin: false,
    fallback: false,
    timings: { waitMs: 0, latencyMs: 700 },
  });
  const orders = await Promise.all(Array.from({ length: 10 }, () => shop.diner.order()));
  await eventually(
    () => shop.primary.totals(),
    ({ requests }) => requests === 10,
  );
  const worker = shop.stack.process('worker');
  worker.kill('SIGTERM');
  expect(await worker.exited).toMatchObject({ code: 0 });
  for (const { body } of orders) {
    expect((await shop.diner.status(body.order.id)).body).toMatchObject({
      status: 'fulfilled',
      attempts: [{ outcome: 'fulfilled' }],
    });
  }
});

/** A shop whose Redis can be frozen, with an order that its factory does not answer. */
async function openFreezableShop(opened: AsyncDisposableStack) {
  const redis = opened.use(await ensureRedis());
  const shop = opened.use(
    await openShop({
      redisUrl: redis.url,
      fallback: false,
      admin: false,
      timings: { waitMs: 0, factoryTimeoutMs: 60_000 },
    }),
  );
  opened.defer(() => redis.kill('SIGCONT'));
  await shop.primary.misbehave({ kind: 'hang' });
  const { body } = await shop.diner.order();
  await eventually(
    () => shop.primary.order(body.order.id),
    ({ requests }) => requests === 1,
  );
  return { redis, shop, orderId: body.order.id };
}

test('SIGTERM of the worker while Redis is frozen and a factory hangs: it stops in time, and the order is baked later', async () => {
  await using opened = new AsyncDisposableStack();
  const { redis, shop, orderId } = await openFreezableShop(opened);
  const worker = shop.stack.process('worker');
  await redis.kill('SIGSTOP');
  worker.kill('SIGTERM');
  // With another code, had it not stopped in time.
  expect(await worker.exited).toMatchObject({ code: 0 });
  expect(worker.logs()).toContain('could not give back its orders');

  await redis.kill('SIGCONT');
  await shop.primary.mend();
  await worker.restart();
  const { body } = await eventually(
    () => shop.diner.status(orderId),
    (answer) => answer.body.status === 'fulfilled',
    40_000,
  );
  expect(body.attempts).toMatchObject([{ outcome: 'unknown' }, { outcome: 'fulfilled' }]);
});

test('a second SIGTERM ends the worker at once', async () => {
  await using opened = new AsyncDisposableStack();
  const { redis, shop } = await openFreezableShop(opened);
  const worker = shop.stack.process('worker');
  await redis.kill('SIGSTOP');
  worker.kill('SIGTERM');
  await eventually(
    async () => worker.logs(),
    (logs) => logs.includes('stopping'),
  );
  worker.kill('SIGTERM');
  expect(await worker.exited).toMatchObject({ code: 1 });
  expect(worker.logs()).not.toContain('did not stop in time');
});
