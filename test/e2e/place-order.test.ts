import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShop, type Shop } from '../support/shop.ts';
import { anOrder } from '../support/shopper.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop[Symbol.asyncDispose]());

test('an order is baked by the primary, and its receipt verifies', async () => {
  const answer = await shop.diner.order();
  expect(answer).toMatchObject({
    status: 200,
    body: { status: 'fulfilled', order: { franchiseId: 1, storeId: '1' } },
  });
  expect(await shop.diner.verify(answer.body.jwt)).toMatchObject({
    status: 200,
    body: { message: 'valid', payload: { order: { id: answer.body.order.id } } },
  });
  expect(await shop.primary.order(answer.body.order.id)).toMatchObject({ requests: 1, baked: 1 });
  void anOrder;
});
