import { bulkPreview, orderPage, overview } from '@proofbox/contract/admin';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openDeadLetters, type DeadLetters } from '../support/dead-letters.ts';
import { proofboxIn, type Proofbox } from '../support/proofbox-command.ts';
import { openShop, type Shop } from '../support/shop.ts';

const keyTag = `test-unreadable-orders-${crypto.randomUUID()}`;

let shop: Shop;
let dead: DeadLetters;
let proofbox: Proofbox;
let good: string;
/** By what is wrong with it. */
const broken = new Map<string, string>();

const huge = JSON.stringify({
  diner: { id: 2 },
  order: {
    id: 'x',
    franchiseId: 1,
    storeId: '1',
    items: [{ menuId: 1, description: 'Veggie', price: 1.7e308 }],
  },
});

/** What somebody, or another release, wrote into a record; undefined where the field is gone. */
const faults: [string, string, string | undefined][] = [
  ['a reason of a later release', 'reason', 'melted'],
  ['broken JSON', 'request', '{"order":'],
  ['JSON of another shape', 'request', '[]'],
  ['a price that no shop can mean', 'request', huge],
  ['NaN for a time', 'acceptedAt', 'NaN'],
  ['a word for a time', 'updatedAt', 'noon'],
  ['infinitely many replays', 'replays', 'Infinity'],
  ['no order', 'request', undefined],
  ['no time', 'acceptedAt', undefined],
];

beforeAll(async () => {
  shop = await openShop({ keyTag, workers: 0 });
  dead = openDeadLetters({ redisUrl: inject('redisUrl'), keyTag });
  proofbox = proofboxIn(shop);
  for (const [what, field, value] of faults) {
    const id = await dead.add();
    const record = dead.names.order(id);
    await (value === undefined ? dead.redis.hdel(record, field) : dead.redis.hset(record, field, value));
    broken.set(what, id);
  }
  good = await dead.add();
});
afterAll(async () => {
  await dead?.[Symbol.asyncDispose]();
  await shop?.[Symbol.asyncDispose]();
});

test.for(['/api/orders?state=dead,held', '/api/orders'])(
  '%s names each, and shows the others',
  async (path) => {
    const page = orderPage.parse((await shop.admin.as('viewer').get(path)).body);
    expect(page.orders.map(({ id }) => id)).toEqual([good]);
    expect(page.unreadable?.toSorted()).toEqual([...broken.values()].toSorted());
  },
);

test.for([
  ['dead', 'list'],
  ['orders', 'list'],
])('proofbox %s %s names each, and shows the others', async (command) => {
  const { code, stdout, stderr } = await proofbox(...command);
  expect([code, stdout]).toEqual([0, expect.stringContaining(good)]);
  for (const [what, id] of broken) expect([what, stderr]).toEqual([what, expect.stringContaining(id)]);
  expect(stderr).toContain('cannot be read');
});

describe('an order that cannot be read', () => {
  test.for(faults)('with %s is said to be so on its own page', async ([what]) => {
    const id = broken.get(what)!;
    const answer = await shop.admin.as('viewer').get(`/api/orders/${id}`);
    expect(answer).toMatchObject({
      status: 500,
      body: { message: expect.stringContaining(`${id} is stored`) as string },
    });
  });

  test('is counted by a bulk task, and is no sample of it', async () => {
    const target = { filter: { state: ['dead'], from: '2020-01-01T00:00:00Z' } };
    const { status, body } = await shop.admin.as('viewer').post('/api/bulk/preview', { target });
    expect([status, bulkPreview.parse(body).count]).toEqual([200, broken.size + 1]);
    const named = { ids: [...broken.values(), good].slice(-2) };
    const preview = await shop.admin.as('viewer').post('/api/bulk/preview', { target: named });
    expect(bulkPreview.parse(preview.body).sample.map(({ id }) => id)).toEqual([good]);
  });
});

test('an order without its id in its record is known by its key', async () => {
  const id = await dead.add();
  await dead.redis.hdel(dead.names.order(id), 'id');
  expect((await shop.admin.as('viewer').get(`/api/orders/${id}`)).body).toMatchObject({ id });
  expect((await shop.admin.as('viewer').get('/api/orders')).text).toContain(`"id":"${id}"`);
});

test('a time that no clock can show hides nothing', async () => {
  const id = await dead.add();
  await dead.redis.hset(dead.names.order(id), { acceptedAt: 1e300, updatedAt: -1e300 });
  await dead.redis.zadd(dead.names.byState('queued'), -1e300, 'pb-nobody');
  const page = orderPage.parse((await shop.admin.as('viewer').get('/api/orders')).body);
  expect(page.orders.find((each) => each.id === id)).toMatchObject({
    acceptedAt: '9999-12-31T23:59:59.999Z',
    settledAt: '0000-01-01T00:00:00.000Z',
  });
  const { body } = await shop.admin.as('viewer').get('/api/overview');
  expect(overview.parse(body).oldestPendingAt).toBe('0000-01-01T00:00:00.000Z');
  expect((await shop.admin.as('viewer').get(`/api/orders/${id}`)).status).toBe(200);
});
