import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { readMetrics } from '../support/metrics.ts';
import { orderDetailOf } from '../support/order-detail.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { anOrder } from '../support/shopper.ts';

async function mismatches(shop: Shop): Promise<number | undefined> {
  const samples = await readMetrics(shop.stack.urls.worker);
  return samples.find(
    ({ name, labels }) =>
      name === 'proofbox_attempts_total' &&
      labels['factory'] === 'primary' &&
      labels['outcome'] === 'receipt_mismatch',
  )?.value;
}

describe('a receipt that says something else than the order', () => {
  test.for([
    ['items', 'order.items'],
    ['price', 'order.items'],
    ['diner', 'diner.id'],
    ['email', 'diner.email'],
    ['empty', 'diner.id, order.franchiseId, order.storeId, order.items'],
  ] as const)(
    'in its %s is not given to the diner, who gets one of the fallback',
    async ([change, fields]) => {
      await using shop = await openShop();
      await shop.primary.misbehave({ kind: 'altered', change });
      const orders = [
        await shop.diner.order(),
        await shop.diner.order(),
        await shop.diner.order(),
        await shop.diner.order(),
      ];
      for (const { status, body } of orders) {
        expect(status).toBe(200);
        const { lastAttempt, attemptHistory } = await orderDetailOf(shop, body.order.id);
        expect(lastAttempt).toMatchObject({ factory: 'fallback', outcome: 'fulfilled' });
        // Four in a row, and the factory is still asked: what it echoes is not what it bakes.
        expect(attemptHistory[0]).toMatchObject({
          factory: 'primary',
          outcome: 'receipt_mismatch',
          detail: `the receipt says something else than the order: ${fields}`,
        });
      }
      expect(await mismatches(shop)).toBe(4);
      expect(shop.stack.process('worker').logs()).not.toMatch(/somebody/);
    },
  );

  test('is held where a repeat is not safe', async () => {
    await using shop = await openShop({ env: { worker: { FACTORY_PRIMARY_REPEATABLE: 'false' } } });
    await shop.primary.misbehave({ kind: 'altered', change: 'items' });
    const { body } = await shop.diner.order();
    expect(body.status).toBe('delayed');
    expect(await orderDetailOf(shop, body.order.id)).toMatchObject({ state: 'held', attempts: 1 });
    expect(await shop.fallback.order(body.order.id)).toMatchObject({ requests: 0 });
  });

  test('again and again while the factory bakes others makes a dead letter with its history', async () => {
    await using shop = await openShop({ fallback: false, timings: { waitMs: 0 } });
    await shop.primary.misbehave({ kind: 'altered', change: 'items', orderMatching: 'Odd' });
    const odd = await shop.diner.order(anOrder({ items: [{ menuId: 1, description: 'Odd', price: 1 }] }));
    const dead = await eventually(
      async () => {
        await shop.diner.order(anOrder());
        return orderDetailOf(shop, odd.body.order.id);
      },
      ({ state }) => state === 'dead',
      60_000,
    );
    expect(dead).toMatchObject({ reason: 'exhausted', countedFailures: 5 });
    expect(new Set(dead.attemptHistory.map(({ outcome }) => outcome))).toEqual(new Set(['receipt_mismatch']));
  });

  test('counts where only ids are compared', async () => {
    await using shop = await openShop({ env: { worker: { FACTORY_RECEIPT_MATCH: 'id' } } });
    await shop.primary.misbehave({ kind: 'altered', change: 'items' });
    const { status, body } = await shop.diner.order();
    expect(status).toBe(200);
    expect(await shop.primary.order(body.order.id)).toMatchObject({ requests: 1, baked: 1 });
  });
});

test('of two services behind a factory that knows orders by number, neither gets the receipt of the other', async () => {
  const keys = ['first-service-key-of-24-chars', 'other-service-key-of-24-chars'];
  await using shop = await openShop({
    fallback: false,
    env: { ingest: { VENDOR_API_KEYS: keys.join(',') } },
  });
  await shop.primary.misbehave({ kind: 'byNumber' });
  const order = anOrder({ id: 20 });
  const a = await shop.diner.order(
    { diner: { id: 2, name: 'A', email: 'a@jwt.com' }, order },
    { authorization: `Bearer ${keys[0]}` },
  );
  expect(a.status).toBe(200);
  for (const diner of [
    { id: 7, name: 'B', email: 'b@jwt.com' },
    { id: 2, name: 'B', email: 'b@jwt.com' },
  ]) {
    const b = await shop.diner.order(
      { diner, order: { ...order, note: diner.id } },
      { authorization: `Bearer ${keys[1]}`, 'idempotency-key': `of ${diner.id}`, prefer: 'wait=1' },
    );
    expect(JSON.stringify(b.body)).not.toContain('a@jwt.com');
    expect(b.body.jwt).not.toBe(a.body.jwt);
  }
});

test('a restarted ingest and a restarted worker verify while the factory that signed is away', async () => {
  await using shop = await openShop({ fallback: false });
  const { body } = await shop.diner.order();
  await shop.primary.misbehave({ kind: 'down' });
  await shop.stack.process('ingest').restart();
  expect(await shop.diner.verify(body.jwt)).toMatchObject({ status: 200, body: { message: 'valid' } });

  await shop.primary.misbehave({ kind: 'keys', how: 'error' });
  await shop.stack.process('worker').restart();
  await eventually(
    () => shop.diner.order(anOrder()),
    (answer) => answer.status === 200,
  );
  const { baked, requests } = await shop.primary.totals();
  expect(baked).toBe(requests);
});

test('a factory that changes its key bakes on at once, and receipts of before stay valid', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'proofbox-rotation-'));
  await using shop = await openShop({ fallback: false });
  await using cleaning = new AsyncDisposableStack();
  cleaning.defer(() => rm(dir, { recursive: true }));
  const before = await shop.diner.order();
  // The worker asks for a factory's keys once a second at most, and has asked when it started.
  await delay(1_000);
  await shop.stack.process('primary').restart({ KEY_FILE: path.join(dir, 'next.json') });
  const after = await eventually(
    () => shop.diner.order(anOrder()),
    (answer) => answer.status === 200,
  );
  expect(await shop.primary.order(after.body.order.id)).toMatchObject({ requests: 1 });
  for (const { body } of [before, after]) {
    expect(await shop.diner.verify(body.jwt)).toMatchObject({ status: 200, body: { message: 'valid' } });
  }
  await shop.stack.process('ingest').restart();
  expect(await shop.diner.verify(before.body.jwt)).toMatchObject({ status: 200, body: { message: 'valid' } });
});
