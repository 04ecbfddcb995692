import { expect, test } from 'vitest';
import { readBreakerStates } from '../support/breaker-states.ts';
import { eventually } from '../support/eventually.ts';
import { openShop, type Shop } from '../support/shop.ts';

/** The primary's state as each worker has it. */
async function statesOfPrimary(shop: Shop): Promise<(string | undefined)[]> {
  const workers = shop.stack.processes.values().filter(({ name }) => name.startsWith('worker'));
  return Promise.all(workers.map(async ({ url }) => (await readBreakerStates(url)).primary));
}

test('what three orders find out spares the whole fleet: within a second no worker sends any more', async () => {
  await using shop = await openShop({ fallback: false, workers: 3 });
  await shop.primary.misbehave({ kind: 'fail' });
  await Promise.all(Array.from({ length: 3 }, () => shop.diner.order()));
  await eventually(
    () => statesOfPrimary(shop),
    (states) => states.includes('open'),
  );
  await eventually(
    () => statesOfPrimary(shop),
    (states) => states.every((state) => state === 'open'),
    1_000,
  );
  const { requests } = await shop.primary.totals();
  const waiting = await Promise.all(Array.from({ length: 30 }, () => shop.diner.order()));
  expect((await shop.primary.totals()).requests).toBe(requests);

  await shop.primary.mend();
  for (const { body } of waiting) {
    await eventually(
      () => shop.diner.status(body.order.id),
      (answer) => answer.body.status === 'fulfilled',
    );
  }
});

test('one probe in the whole fleet: a dead factory gets one order per open interval, however many workers and orders wait', async () => {
  await using shop = await openShop({ fallback: false, workers: 3 });
  await shop.primary.misbehave({ kind: 'fail' });
  await Promise.all(Array.from({ length: 3 }, () => shop.diner.order()));
  await eventually(
    () => statesOfPrimary(shop),
    (states) => states.every((state) => state === 'open'),
  );
  await Promise.all(Array.from({ length: 30 }, () => shop.diner.order()));
  const before = (await shop.primary.totals()).requests;
  await eventually(
    () => shop.primary.totals(),
    ({ requests }) => requests > before,
  );
  await eventually(
    () => statesOfPrimary(shop),
    (states) => states.every((state) => state === 'open'),
  );
  expect((await shop.primary.totals()).requests).toBe(before + 1);
});
