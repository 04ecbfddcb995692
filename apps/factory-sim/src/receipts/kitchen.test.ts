import { expect, test } from 'vitest';
import { createKitchen } from './kitchen.ts';
import { createOrderLedger } from '../control/order-ledger.ts';
import { pizzaOrder } from '../sim-under-test.ts';

test('a pizza that cannot be signed is a 500 and was not baked', async () => {
  const ledger = createOrderLedger();
  const oven = { bake: async () => Promise.reject(new Error('out of gas')), forge: async () => '' };
  const kitchen = createKitchen({ oven, ledger, ovenFullMs: 0 });
  const answer = await kitchen(
    { act: 'bake', delayMs: 0 },
    { vendor: { id: 'v', name: 'V' }, body: pizzaOrder(1) },
  );
  expect(answer).toEqual({ status: 500, body: { message: 'unable to process order' } });
  expect(ledger.totals().baked).toBe(0);
});
