import { expect, test } from 'vitest';
import { readBreakerStates } from '../support/breaker-states.ts';
import { eventually } from '../support/eventually.ts';
import { openShop } from '../support/shop.ts';
import type { Answer } from '../support/shopper.ts';

test.for(['down', 'fail', 'hang'])(
  'with both factories in %s an order waits, is answered in time, and is baked when they are back',
  async (kind) => {
    const waitMs = 2_000;
    await using shop = await openShop({ admin: false, timings: { waitMs, factoryTimeoutMs: 1_000 } });
    await Promise.all([shop.primary.misbehave({ kind }), shop.fallback.misbehave({ kind })]);

    const answer = await shop.diner.order();
    expect(answer).toMatchObject({ status: 202, body: { order: { items: [{}] }, jwt: expect.any(String) } });
    expect(answer.body.jwt.split('.')).toHaveLength(1);
    const ticket = answer.body.jwt;
    expect(await shop.diner.verify(ticket)).toMatchObject({ status: 200, body: { message: 'pending' } });
    expect((await shop.diner.status(answer.body.order.id)).body.status).toMatch(/queued|retrying/);

    await Promise.all([shop.primary.mend(), shop.fallback.mend()]);
    const fulfilled = await eventually(
      () => shop.diner.status(answer.body.order.id),
      ({ body }) => body.status === 'fulfilled',
    );
    expect(await shop.diner.verify(ticket)).toMatchObject({
      status: 200,
      body: { message: 'valid', jwt: fulfilled.body.jwt },
    });
    expect(await shop.diner.verify(fulfilled.body.jwt)).toMatchObject({
      status: 200,
      body: { message: 'valid' },
    });
  },
);

/** @guarantee G3 */
test('while no factory takes orders, tickets are given at once, and waiting orders cost few attempts and stay in order', async () => {
  await using shop = await openShop({ admin: false });
  await Promise.all([shop.primary.misbehave({ kind: 'down' }), shop.fallback.misbehave({ kind: 'down' })]);
  await Promise.all([shop.diner.order(), shop.diner.order(), shop.diner.order(), shop.diner.order()]);
  await eventually(
    () => readBreakerStates(shop.stack.urls.worker),
    ({ primary, fallback }) => primary !== 'closed' && fallback !== 'closed',
  );
  // An outage that is younger than a diner's wait may end within it; in an older one the next probe alone is waited for.
  const told = await eventually(
    () => shop.diner.order(),
    ({ elapsedMs }) => elapsedMs < 2_500,
  );
  expect(told.status).toBe(202);

  const waiting: Answer[] = [];
  for (let i = 0; i < 20; i += 1)
    waiting.push(await shop.diner.order(undefined, { prefer: 'respond-async' }));
  expect(waiting.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 202));
  const untouched = await Promise.all(waiting.map(({ body }) => shop.diner.status(body.order.id)));
  // Some of them were probes meanwhile, each at most twice: one order per open interval.
  expect(untouched.filter(({ body }) => body.attempts.length > 0).length).toBeLessThanOrEqual(10);

  await Promise.all([shop.primary.mend(), shop.fallback.mend()]);
  const times: string[] = [];
  for (const { body } of waiting) {
    const done = await eventually(
      () => shop.diner.status(body.order.id),
      (answer) => answer.body.status === 'fulfilled',
    );
    // One that was a probe has a back-off of its own.
    if (done.body.attempts.length === 1) times.push(done.body['fulfilledAt'] as string);
  }
  const [lastOfTheFirst, firstOfTheLast] = [
    times.slice(0, 3).toSorted().at(-1)!,
    times.slice(-3).toSorted()[0]!,
  ];
  expect(times.length).toBeGreaterThanOrEqual(10);
  expect(lastOfTheFirst <= firstOfTheLast).toBe(true);
});

test('a worker that is started in an outage takes one order as a probe at the most', async () => {
  await using shop = await openShop({ admin: false, fallback: false });
  await shop.primary.misbehave({ kind: 'fail' });
  await Promise.all([shop.diner.order(), shop.diner.order(), shop.diner.order()]);
  await shop.stack.process('worker').stop();
  const before = (await shop.primary.orders()).length;
  await shop.stack.process('worker').restart();
  const waiting = await shop.diner.order();
  expect(waiting.status).toBe(202);
  expect((await shop.primary.orders()).length).toBeLessThanOrEqual(before + 1);
  await shop.primary.mend();
  await eventually(
    () => shop.diner.status(waiting.body.order.id),
    (answer) => answer.body.status === 'fulfilled',
  );
});
