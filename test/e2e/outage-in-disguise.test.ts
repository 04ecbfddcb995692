import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { readBreakerStates } from '../support/breaker-states.ts';
import { eventually } from '../support/eventually.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { anOrder, type Answer } from '../support/shopper.ts';

/** Places an order each `everyMs`, whether or not the one before is answered. */
async function orderSteadily(
  { diner }: Shop,
  {
    orders,
    everyMs,
    what = () => anOrder(),
  }: { orders: number; everyMs: number; what?: (i: number) => Record<string, unknown> },
): Promise<Answer[]> {
  const answers: Promise<Answer>[] = [];
  for (let i = 0; i < orders; i += 1) {
    answers.push(diner.order(what(i)));
    await pause(everyMs);
  }
  return Promise.all(answers);
}

const spoilt = (): Record<string, unknown> =>
  anOrder({ items: [{ menuId: 1, description: 'Pineapple', price: 0.05 }] });

async function isDead({ diner }: Shop, { body }: Answer): Promise<boolean> {
  return (await diner.status(body.order.id)).body.status === 'delayed';
}

function allFulfilled({ diner }: Shop, answers: readonly Answer[], withinMs?: number): Promise<unknown> {
  return eventually(
    async () => {
      const states = await Promise.all(answers.map(({ body }) => diner.status(body.order.id)));
      return states.map(({ body }) => body.status).filter((status) => status !== 'fulfilled');
    },
    (left) => left.length === 0,
    withinMs,
  );
}

async function primaryState({ stack }: Shop): Promise<string | undefined> {
  return (await readBreakerStates(stack.urls.worker)).primary;
}

test.for(['400', '403'])(
  'a primary that answers %s to everything is noticed within three orders, and kills none',
  async (kind) => {
    await using shop = await openShop({ admin: false });
    await shop.primary.misbehave({ kind });
    const answers = await orderSteadily(shop, { orders: 12, everyMs: 250 });
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const asked = new Set((await shop.primary.requests()).map(({ orderId }) => orderId));
    expect(asked.size).toBeLessThanOrEqual(3);
    expect(await primaryState(shop)).not.toBe('closed');
  },
);

/** @guarantee G3 */
test('the only factory answers 400 to everything: no order dies of it, and all are baked when it is mended', async () => {
  await using shop = await openShop({ admin: false, fallback: false, timings: { waitMs: 500 } });
  await shop.primary.misbehave({ kind: '400' });
  const answers = await orderSteadily(shop, { orders: 10, everyMs: 200 });
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
  const { body } = await shop.diner.status(answers[0]!.body.order.id);
  expect(body.status).toBe('retrying');
  await shop.primary.mend();
  await allFulfilled(shop, answers);
});

test.for(['400', '404'])(
  'one order that the primary answers with %s is baked by the fallback, and the primary stays in use',
  async (kind) => {
    await using shop = await openShop({ admin: false });
    await shop.primary.misbehave({ kind, orderMatching: 'Pineapple' });
    const odd = await shop.diner.order(spoilt());
    expect(odd.status).toBe(200);
    const answers = await orderSteadily(shop, { orders: 5, everyMs: 50 });
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect((await shop.primary.totals()).baked).toBe(5);
    expect(await primaryState(shop)).toBe('closed');
  },
);

test.for(['400', '404'])(
  'an order that the only factory answers with %s, and bakes all others, is a dead letter soon',
  async (kind) => {
    await using shop = await openShop({ admin: false, fallback: false, timings: { waitMs: 500 } });
    await shop.primary.misbehave({ kind, orderMatching: 'Pineapple' });
    const bad = await shop.diner.order(spoilt());
    expect(bad.status).toBe(202);
    await eventually(
      async () => {
        expect((await shop.diner.order()).status).toBe(200);
        return isDead(shop, bad);
      },
      (dead) => dead,
    );
    expect((await shop.diner.status(bad.body.order.id)).body.attempts.length).toBeGreaterThanOrEqual(3);
    expect(await primaryState(shop)).toBe('closed');
  },
);

/** @guarantee G3 */
test('six bad orders hold up no good one at the only factory, and die while it bakes the others', async () => {
  await using shop = await openShop({ admin: false, fallback: false });
  await shop.primary.misbehave({ kind: 'fail', orderMatching: 'Pineapple' });
  const bad = await Promise.all(
    Array.from({ length: 6 }, () => shop.diner.order(spoilt(), { prefer: 'respond-async' })),
  );
  const good: Answer[] = [];
  await eventually(
    async () => {
      good.push(await shop.diner.order());
      await pause(1_000);
      return (await Promise.all(bad.map((each) => isDead(shop, each)))).filter((dead) => !dead).length;
    },
    (alive) => alive === 0,
    120_000,
  );
  expect(good.filter(({ status }) => status !== 200)).toEqual([]);
  const slow = good.filter(({ elapsedMs }) => elapsedMs > 2_000);
  expect(slow.length).toBeLessThanOrEqual(Math.ceil(good.length / 20));
}, 150_000);

test('a factory that fails half of what it is sent bakes nearly all orders while their diners wait', async () => {
  await using shop = await openShop({ admin: false, fallback: false });
  await shop.primary.misbehave({ kind: 'fail', percent: 49 });
  const answers = await orderSteadily(shop, { orders: 100, everyMs: 100 });
  const atOnce = answers.filter(({ status }) => status === 200).length;
  // A client that tries once gets half.
  expect(atOnce).toBeGreaterThan(80);
  await shop.primary.mend();
  await allFulfilled(shop, answers);
}, 90_000);

test('one 429 after a quiet time slows nobody down once the patience it asks for is over', async () => {
  await using shop = await openShop({ admin: false, fallback: false });
  await shop.primary.misbehave({ kind: '429', retryAfterSeconds: 1, times: 1 });
  const answers = await orderSteadily(shop, { orders: 100, everyMs: 50 });
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
});
