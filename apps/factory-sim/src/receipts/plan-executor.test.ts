import { expect, test } from 'vitest';
import { createPlanExecutor } from './plan-executor.ts';
import { createOrderCounts } from '../control/order-counts.ts';
import { pizzaOrder } from '../sim-under-test.ts';

test('a pizza that cannot be signed is a 500 and was not baked', async () => {
  const counts = createOrderCounts();
  const signer = { sign: async () => Promise.reject(new Error('no key')), forge: async () => '' };
  const execute = createPlanExecutor({ signer, counts, ovenFullMs: 0 });
  const answer = await execute(
    { act: 'bake', delayMs: 0 },
    { vendor: { id: 'v', name: 'V' }, body: pizzaOrder(1) },
  );
  expect(answer).toEqual({ status: 500, body: { message: 'unable to process order' } });
  expect(counts.totals().baked).toBe(0);
});
