import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { anOrder } from '../support/shopper.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ admin: false });
});
afterAll(() => shop[Symbol.asyncDispose]());

describe('an order with everything healthy', () => {
  test('is baked by the primary, and its receipt verifies', async () => {
    const body = anOrder({ note: 'extra cheese', storeId: 7 });
    const answer = await shop.diner.order(body);
    const { id } = answer.body.order;
    expect(answer).toMatchObject({ status: 200, body: { status: 'fulfilled', order: { ...body, id } } });
    expect(await shop.diner.verify(answer.body.jwt)).toMatchObject({
      status: 200,
      body: { message: 'valid', payload: { diner: { id: 2 }, order: { ...body, id } } },
    });
    expect(await shop.primary.order(id)).toMatchObject({ requests: 1, baked: 1 });
    expect(await shop.fallback.order(id)).toMatchObject({ requests: 0 });
  });

  test('shows its story to its diner', async () => {
    const { body } = await shop.diner.order();
    expect(await shop.diner.status(body.order.id)).toMatchObject({
      status: 200,
      body: {
        status: 'fulfilled',
        jwt: body.jwt,
        attempts: [{ n: 1, factory: 'primary', outcome: 'fulfilled' }],
      },
    });
  });

  test('is answered at once with a ticket when the client prefers not to wait', async () => {
    const answer = await shop.diner.order(anOrder(), { prefer: 'respond-async' });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('preference-applied')).toBe('respond-async');
    expect(answer.headers.get('location')).toBe(answer.body.statusUrl);
    await eventually(
      () =>
        shop.diner.request('GET', answer.body.statusUrl, {
          headers: { authorization: `Bearer ${answer.body.jwt}` },
        }),
      ({ body }) => body.status === 'fulfilled',
    );
    expect(await shop.diner.verify(answer.body.jwt)).toMatchObject({
      status: 200,
      body: { message: 'valid' },
    });
  });
});

describe('the same submission again', () => {
  test('with the same Idempotency-Key and body is the same order, however many ask at once', async () => {
    const body = anOrder();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => shop.diner.order(body, { 'idempotency-key': 'same-submission' })),
    );
    expect(new Set(answers.map((each) => each.status))).toEqual(new Set([200]));
    expect(new Set(answers.map((each) => each.body.order.id)).size).toBe(1);
    expect(new Set(answers.map((each) => each.body.jwt)).size).toBe(1);
    expect(await shop.primary.order(answers[0]!.body.order.id)).toMatchObject({ baked: 1 });
  });

  test('with the same Idempotency-Key and another body is refused with 422', async () => {
    await shop.diner.order(anOrder(), { 'idempotency-key': 'reused' });
    expect(await shop.diner.order(anOrder(), { 'idempotency-key': 'reused' })).toMatchObject({
      status: 422,
      body: { message: expect.stringContaining('Idempotency-Key') },
    });
  });

  test("with another diner's Idempotency-Key is another order", async () => {
    const body = anOrder();
    const mine = await shop.diner.order(body, { 'idempotency-key': 'shared' });
    const theirs = await (await shop.shopper(3)).order(body, { 'idempotency-key': 'shared' });
    expect(theirs.body.order.id).not.toBe(mine.body.order.id);
  });

  /** @guarantee G2 */
  test('as three quick clicks without a key is one order', async () => {
    const body = anOrder();
    const answers = await Promise.all([
      shop.diner.order(body),
      shop.diner.order(body),
      shop.diner.order(body),
    ]);
    expect(new Set(answers.map((each) => each.body.order.id)).size).toBe(1);
  });

  test('from two diners without a key is two orders', async () => {
    const body = anOrder();
    const other = await shop.shopper(4);
    const [mine, theirs] = await Promise.all([shop.diner.order(body), other.order(body)]);
    expect(theirs.body.order.id).not.toBe(mine.body.order.id);
  });
});

describe('an order service that takes us for its factory', () => {
  const serviceOrder = { diner: { id: 9, name: 'somebody', email: 's@jwt.com' }, order: anOrder({ id: 20 }) };

  test('gets the receipt for its own order number, and the same one when it asks again', async () => {
    const key = { authorization: `Bearer ${shop.stack.vendorApiKey}` };
    const answer = await shop.diner.order(serviceOrder, key);
    expect(answer).toMatchObject({ status: 200, body: { order: { id: 20 } } });
    expect(await shop.diner.verify(answer.body.jwt)).toMatchObject({
      body: { message: 'valid', payload: { order: { id: 20 }, diner: { id: 9 } } },
    });
    const again = await shop.diner.order(serviceOrder, key);
    expect(again.body.jwt).toBe(answer.body.jwt);
  });
});
