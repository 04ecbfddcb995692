import { orderDetail, orderPage, type OrderRow } from '@proofbox/contract/admin';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openDeadLetters, type DeadLetters } from '../support/dead-letters.ts';
import { eventually } from '../support/eventually.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { anOrder } from '../support/shopper.ts';

const keyTag = `test-admin-dead-letters-${crypto.randomUUID()}`;

let shop: Shop;
let dead: DeadLetters;
beforeAll(async () => {
  shop = await openShop({ keyTag });
  dead = openDeadLetters({ redisUrl: inject('redisUrl'), keyTag });
});
afterAll(async () => {
  await dead?.[Symbol.asyncDispose]();
  await shop?.[Symbol.asyncDispose]();
});

/** All orders that a query finds, page by page. */
async function find(query: string): Promise<OrderRow[]> {
  const orders: OrderRow[] = [];
  for (let cursor = ''; orders.length < 1_000;) {
    const { status, body } = await shop.admin.as('viewer').get(`/api/orders?${query}${cursor}`);
    expect([status, body]).toEqual([200, expect.anything()]);
    const page = orderPage.parse(body);
    orders.push(...page.orders);
    if (page.nextCursor === undefined) return orders;
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
  throw new Error('more than a test makes');
}

async function detailOf(id: string) {
  return orderDetail.parse((await shop.admin.as('viewer').get(`/api/orders/${id}`)).body);
}

/** @guarantee G6 */
test('a dead letter is found by each filter, and by no filter that it does not fit', async () => {
  const wanted = await dead.add({
    reason: 'rejected',
    factory: 'fallback',
    diner: { id: 4711 },
    order: { storeId: 'store-7' },
    detail: 'The Oven is Full',
  });
  await dead.add({ reason: 'expired', diner: { id: 4712 }, order: { storeId: 'store-8' } });
  const { updatedAt } = await dead.read(wanted);
  const from = new Date(updatedAt).toISOString();
  const to = new Date(updatedAt + 1).toISOString();

  for (const query of [
    'state=dead&reason=rejected',
    'state=dead,held&diner=4711',
    'state=dead&state=held&diner=4711',
    'diner=4711',
    'reason=rejected,exhausted&store=store-7',
    'state=dead&factory=fallback&diner=4711',
    'state=dead&text=oven%20is',
    `state=dead&from=${from}&to=${to}&diner=4711`,
  ]) {
    expect([query, (await find(query)).map(({ id }) => id)]).toEqual([query, [wanted]]);
  }
  for (const query of [
    'state=held&diner=4711',
    'reason=expired&diner=4711',
    'state=dead&factory=primary&diner=4711',
    'diner=4712&store=store-7',
    'state=dead&text=oven%20is&diner=4712',
    `state=dead&from=${to}&diner=4711`,
    `state=dead&to=${from}&diner=4711`,
    'diner=nobody',
  ]) {
    expect([query, (await find(query)).map(({ id }) => id)]).toEqual([query, []]);
  }
});

test('page by page, newest and oldest first, each is found exactly once', async () => {
  const ids = [];
  for (let i = 0; i < 7; i += 1) ids.push(await dead.add({ diner: { id: 'pages' } }));
  const found = await find('state=dead&diner=pages&limit=2&sort=oldest');
  expect(found.map(({ id }) => id)).toEqual(ids);
  const newest = await find('state=dead&diner=pages&limit=3');
  expect(newest.map(({ id }) => id)).toEqual(ids.toReversed());
});

test('a replayed order is baked, and its story says who replayed it and why', async () => {
  const id = await dead.add();
  const answer = await shop.admin.as('operator').post(`/api/orders/${id}/replay`, { why: 'mended' });
  expect(answer).toMatchObject({ status: 200, body: { id, result: 'replayed', state: 'queued' } });
  const story = await eventually(
    () => detailOf(id),
    ({ state }) => state === 'fulfilled',
  );
  expect(story).toMatchObject({
    hasReceipt: true,
    replays: 1,
    attemptHistory: [{ outcome: 'failed' }, { outcome: 'fulfilled' }],
    audit: [{ by: 'operator', action: 'replay', subject: id, why: 'mended' }],
    nextStep: { actions: [] },
  });
  expect(story.settledAt).toBe(story.fulfilledAt);

  const again = await shop.admin.as('operator').post(`/api/orders/${id}/replay`, { why: 'once more' });
  expect(again).toMatchObject({ status: 200, body: { result: 'unchanged', state: 'fulfilled' } });
  expect(await shop.primary.order(id)).toMatchObject({ baked: 1 });
});

test('an order is edited and replayed: the factory bakes what it says now, and what it said before is kept', async () => {
  const id = await dead.add({ reason: 'rejected', order: { note: 'mine' } });
  const before = await detailOf(id);
  const order = { ...anOrder(), items: [{ menuId: 2, description: 'Margherita', price: 0.0042 }] };
  const answer = await shop.admin
    .as('operator')
    .post(`/api/orders/${id}/replay`, { why: 'wrong pizza', order, asOf: before.updatedAt });
  expect(answer).toMatchObject({ status: 200, body: { result: 'replayed' } });
  const story = await eventually(
    () => detailOf(id),
    ({ state }) => state === 'fulfilled',
  );
  expect(story.order.items).toEqual(order.items);
  expect(story.edits).toMatchObject([
    { by: 'operator', why: 'wrong pizza', before: { items: before.order.items } },
  ]);
  // Masked as the order itself is.
  expect(story.edits[0]?.before).not.toHaveProperty('note');
});

test('an edit of an order that somebody else has changed meanwhile does nothing', async () => {
  const id = await dead.add({ reason: 'rejected' });
  const { updatedAt } = await detailOf(id);
  const asOf = new Date(Date.parse(updatedAt) - 1).toISOString();
  const answer = await shop.admin
    .as('operator')
    .post(`/api/orders/${id}/replay`, { why: 'x', order: anOrder(), asOf });
  expect(answer).toMatchObject({
    status: 409,
    body: { message: expect.stringMatching(/since you opened it/) },
  });
  expect(await dead.read(id)).toMatchObject({ state: 'dead', replays: 0 });
});

test('a discarded order stays discarded', async () => {
  const id = await dead.add({ reason: 'unknown_outcome' });
  const operator = shop.admin.as('operator');
  expect(await operator.post(`/api/orders/${id}/discard`, { why: 'refunded' })).toMatchObject({
    status: 200,
    body: { id, result: 'discarded', state: 'discarded' },
  });
  for (const what of ['discard', 'replay']) {
    expect(await operator.post(`/api/orders/${id}/${what}`, { why: 'again' })).toMatchObject({
      status: 200,
      body: { result: 'unchanged', state: 'discarded' },
    });
  }
  expect(await detailOf(id)).toMatchObject({
    state: 'discarded',
    discardReason: 'refunded',
    audit: [{ action: 'discard', by: 'operator', why: 'refunded' }],
  });
});

describe('who the diner is', () => {
  const diner = { id: 77, name: 'Ada Lovelace', email: 'ada@analytical.example' };

  test('is masked in the list and in the story, and so is what the customer wrote of their own', async () => {
    const id = await dead.add({ diner, order: { note: 'for Ada Lovelace' } });
    const [row] = await find('diner=77');
    expect(row?.diner).toEqual({ id: '77', name: 'A••• L•••', email: 'a•••@a•••', isMasked: true });
    const { text } = await shop.admin.as('admin').get(`/api/orders/${id}`);
    expect(text).not.toMatch(/lovelace|analytical/i);
  });

  test('is masked, too, where the id is an e-mail, in whatever tells of it, and such an order is found by the whole id', async () => {
    const email = `ada.${crypto.randomUUID()}@analytical.example`;
    const id = await dead.add({ diner: { id: email } });
    const whole = encodeURIComponent(email);
    const [row] = await find(`diner=${whole}`);
    expect(row).toMatchObject({ id, diner: { id: 'a•••@a•••', isMasked: true } });
    for (const part of ['ada', email.slice(0, -1), 'a•••@a•••'])
      expect(await find(`diner=${encodeURIComponent(part)}`)).toEqual([]);
    const target = { filter: { diner: email } };
    const task = await shop.admin
      .as('operator')
      .post('/api/bulk', { action: 'replay', target, rate: 1, why: 'all mended' });
    const { pathname } = new URL(task.headers.get('location')!, shop.stack.urls.admin);
    const viewer = shop.admin.as('viewer');
    const told = [
      task,
      await viewer.get(`/api/orders/${id}`),
      await viewer.get(`/api/orders?diner=${whole}`),
      await viewer.post('/api/bulk/preview', { target }),
      await viewer.get('/api/bulk'),
      await viewer.get(pathname),
      await viewer.get('/api/audit'),
    ];
    // The task may have ended meanwhile: it has one order.
    const aborted = await shop.admin.as('operator').post(`${pathname}/abort`, {});
    expect([200, 409]).toContain(aborted.status);
    expect(aborted.text).not.toContain('analytical');
    for (const { status, text } of told) {
      expect([status, text]).toEqual([
        expect.toBeOneOf([200, 201]),
        expect.not.stringContaining('analytical'),
      ]);
    }
    const revealed = await shop.admin.as('operator').post(`/api/orders/${id}/reveal`, { why: 'she called' });
    expect(revealed.body).toMatchObject({ diner: { id: email, isMasked: false } });
    expect(shop.stack.process('admin').logs()).not.toContain('analytical');
  });

  /** @guarantee G6 */
  test('is revealed to who says why, which the audit log keeps', async () => {
    const id = await dead.add({ diner, order: { note: 'for Ada Lovelace' } });
    const answer = await shop.admin.as('operator').post(`/api/orders/${id}/reveal`, { why: 'she called' });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        diner: { name: diner.name, email: diner.email, isMasked: false },
        order: { note: 'for Ada Lovelace' },
        audit: [{ action: 'reveal', by: 'operator', subject: id, why: 'she called' }],
      },
    });
    const { text } = await shop.admin.as('viewer').get(`/api/orders/${id}`);
    expect(text).not.toMatch(/lovelace/i);
    expect(shop.stack.process('admin').logs()).not.toMatch(/lovelace|analytical/i);
  });
});

test('many are replayed at a rate, after a look at how many they are', async () => {
  const ids = [];
  for (let i = 0; i < 20; i += 1) ids.push(await dead.add({ diner: { id: 'bulk' } }));
  const target = { filter: { state: ['dead'], diner: 'bulk' } };
  expect(await shop.admin.as('viewer').post('/api/bulk/preview', { target })).toMatchObject({
    status: 200,
    body: {
      count: 20,
      isExact: true,
      byReason: { expired: 20 },
      sample: expect.arrayContaining([expect.objectContaining({ state: 'dead' })]),
    },
  });
  const bulk = { action: 'replay', target, rate: 100, why: 'all mended' };
  const begun = await shop.admin.as('operator').post('/api/bulk', bulk);
  expect(begun).toMatchObject({ status: 201, body: { action: 'replay', by: 'operator' } });
  const where = begun.headers.get('location')!;
  const ended = await eventually(
    () => shop.admin.as('viewer').get(where),
    ({ body }) => (body as { state: string }).state === 'done',
  );
  expect(ended.body).toMatchObject({ moved: 20, unchanged: 0, missing: 0 });
  for (const id of ids) expect(await detailOf(id)).toMatchObject({ replays: 1 });
});
