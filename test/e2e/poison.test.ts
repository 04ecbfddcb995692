import { expect, test } from 'vitest';
import { readBreakerStates } from '../support/breaker-states.ts';
import { eventually } from '../support/eventually.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { anOrder } from '../support/shopper.ts';

const poison = (): Record<string, unknown> =>
  anOrder({ items: [{ menuId: 1, description: 'Pineapple', price: 0.05 }] });

async function expectClosed(shop: Shop): Promise<void> {
  expect(await readBreakerStates(shop.stack.urls.worker)).toMatchObject({ primary: 'closed' });
}

/** @guarantee G4 */
test('a poison order among 200 good ones holds up none of them, opens no breaker, and is given up with its history', async () => {
  await using shop = await openShop({ admin: false, fallback: false });
  await shop.primary.misbehave({ kind: 'fail', orderMatching: 'Pineapple' });
  const bad = await shop.diner.order(poison(), { prefer: 'respond-async' });
  for (let i = 0; i < 20; i += 1) {
    const good = await Promise.all(Array.from({ length: 10 }, () => shop.diner.order()));
    expect(good.filter(({ status }) => status !== 200)).toEqual([]);
  }
  await expectClosed(shop);

  const status = await eventually(
    async () => {
      expect((await shop.diner.order()).status).toBe(200);
      return shop.diner.status(bad.body.order.id);
    },
    ({ body }) => body.status === 'delayed',
    90_000,
  );
  expect(status.body.attempts.length).toBeGreaterThanOrEqual(6);
  expect(new Set(status.body.attempts.map(({ outcome }) => outcome))).toEqual(new Set(['failed']));
  await expectClosed(shop);
}, 120_000);

test('one good order behind a poison one in a quiet shop is baked without delay', async () => {
  await using shop = await openShop({ admin: false, fallback: false });
  await shop.primary.misbehave({ kind: 'fail', orderMatching: 'Pineapple' });
  const bad = await shop.diner.order(poison(), { prefer: 'respond-async' });
  await eventually(
    () => shop.diner.status(bad.body.order.id),
    ({ body }) => body.attempts.filter(({ outcome }) => outcome === 'failed').length >= 4,
  );
  const good = await shop.diner.order();
  expect(good.status).toBe(200);
  expect((await shop.diner.status(good.body.order.id)).body.attempts).toMatchObject([
    { outcome: 'fulfilled' },
  ]);
  expect((await shop.diner.status(bad.body.order.id)).body.status).toBe('retrying');
  await expectClosed(shop);
});

test('an order that is tried until its deadline is a dead letter with its whole history', async () => {
  await using shop = await openShop({ fallback: false, env: { ingest: { ORDER_DEADLINE_MS: '4000' } } });
  await shop.primary.misbehave({ kind: 'down' });
  const { body } = await shop.diner.order();
  const status = await eventually(
    () => shop.diner.status(body.order.id),
    (answer) => answer.body.status === 'delayed',
    15_000,
  );
  expect(status.body.attempts.length).toBeGreaterThanOrEqual(2);
});

test('an order past its deadline is a dead letter, also while the workers are idle', async () => {
  await using shop = await openShop({ fallback: false, env: { ingest: { ORDER_DEADLINE_MS: '4000' } } });
  await shop.admin.as('operator').post('/api/factories/primary/switch', { to: 'open', why: 'a test' });
  const { body } = await shop.diner.order();
  const status = await eventually(
    () => shop.diner.status(body.order.id),
    (answer) => answer.body.status === 'delayed',
    15_000,
  );
  expect(status.body.attempts).toEqual([]);
});

test('an unknown outcome at a factory where a repeat is not safe is held, and sent nowhere else', async () => {
  await using shop = await openShop({ env: { worker: { FACTORY_PRIMARY_REPEATABLE: 'false' } } });
  await shop.primary.misbehave({ kind: 'reset' });
  const { body } = await shop.diner.order();
  expect(body.status).toBe('delayed');
  expect((await shop.diner.status(body.order.id)).body.attempts).toMatchObject([
    { factory: 'primary', outcome: 'unknown' },
  ]);
  expect(await shop.fallback.order(body.order.id)).toMatchObject({ requests: 0 });
});
