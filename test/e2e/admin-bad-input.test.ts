import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { AdminAnswer } from '../support/admin-client.ts';
import { openDeadLetters, type DeadLetters } from '../support/dead-letters.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { anOrder } from '../support/shopper.ts';

const keyTag = `test-admin-bad-input-${crypto.randomUUID()}`;
const why = 'a test';

let shop: Shop;
let dead: DeadLetters;
let id: string;
beforeAll(async () => {
  shop = await openShop({ keyTag, workers: 0 });
  dead = openDeadLetters({ redisUrl: inject('redisUrl'), keyTag });
  id = await dead.add({ reason: 'rejected' });
});
afterAll(async () => {
  await dead?.[Symbol.asyncDispose]();
  await shop?.[Symbol.asyncDispose]();
});

/** All that a bad request could have changed. */
async function everything(): Promise<unknown> {
  const admin = shop.admin.as('admin');
  const paths = ['/api/queue', '/api/factories', '/api/bulk', '/api/audit'];
  const answers = await Promise.all(paths.map((path) => admin.get(path)));
  return [answers.map(({ text }) => text), await dead.read(id), await dead.ledger.stats()];
}

/** What came of a request, and whether it changed anything. */
async function outcomeOf(ask: () => Promise<AdminAnswer>): Promise<object> {
  const before = await everything();
  const { status, headers, body, text } = await ask();
  return {
    status,
    type: headers.get('content-type')?.split(';')[0],
    message: (body as { message?: string } | undefined)?.message,
    showsInternals: / {4}at |node_modules|\.ts\b/.test(text),
    changedNothing: isDeepStrictEqual(await everything(), before),
  };
}

function aRefusal(status: number, message: RegExp): object {
  return {
    status,
    type: 'application/problem+json',
    message: expect.stringMatching(message),
    showsInternals: false,
    changedNothing: true,
  };
}

describe('a query that is not valid is refused', () => {
  test.each<[string, RegExp]>([
    ['/api/orders?staet=dead', /Unrecognized key: "staet"/],
    ['/api/orders?state=gone', /state\.0/],
    ['/api/orders?state=dead,gone', /state\.1/],
    ['/api/orders?state=,', /state/],
    ['/api/orders?reason=bad', /reason\.0/],
    ['/api/orders?factory=third', /factory/],
    ['/api/orders?limit=0', /limit: expected a whole number from 1 to 200/],
    ['/api/orders?limit=201', /limit/],
    ['/api/orders?limit=1e2', /limit/],
    ['/api/orders?limit=-1', /limit/],
    ['/api/orders?sort=best', /sort/],
    ['/api/orders?from=yesterday', /expected a time such as 2026-11-23T14:00:00Z/],
    ['/api/orders?diner=1&diner=2', /diner/],
    [`/api/orders?text=${'x'.repeat(201)}`, /text/],
    ['/api/orders?cursor=abc', /cursor/],
    ['/api/orders?cursor=WyJ4Il0', /cursor/],
    ['/api/audit?action=think', /action\.0/],
    ['/api/audit?who=me', /"who"/],
    ['/api/audit?cursor=abc', /cursor/],
    ['/api/audit/export?format=xml', /format/],
    ['/api/history?hours=0', /hours/],
    ['/api/history?hours=ten', /hours/],
    ['/api/orders?store=%ff', /query is not valid: it must be UTF-8/],
    ['/api/orders?text=%ED%A0%BD', /query is not valid/],
    ['/api/orders?diner=%00', /query is not valid/],
    ['/api/audit?subject=%', /query is not valid/],
    [`/api/orders?store=${encodeURIComponent('🍕'.repeat(201))}`, /store: expected at most 200 characters/],
    [`/api/history?hours=${'9'.repeat(400)}`, /hours/],
    ['/api/orders/%00', /not the id of an order/],
    ['/api/orders/a%20b', /not the id of an order/],
    ['/api/orders/..%2f..%2fetc', /not the id of an order/],
    [`/api/orders/${'x'.repeat(201)}`, /not the id of an order/],
    ['/api/orders/%zz', /path is not valid/],
  ])('%s', async (path, message) => {
    expect(await outcomeOf(() => shop.admin.as('admin').get(path))).toEqual(aRefusal(400, message));
  });

  test('a cursor of another search', async () => {
    for (let i = 0; i < 3; i += 1) await dead.add({ diner: { id: 'cursor' } });
    const { body } = await shop.admin.as('viewer').get('/api/orders?diner=cursor&limit=1');
    const { nextCursor } = body as { nextCursor: string };
    const cursor = encodeURIComponent(nextCursor);
    expect(
      await outcomeOf(() => shop.admin.as('viewer').get(`/api/orders?diner=other&limit=1&cursor=${cursor}`)),
    ).toEqual(aRefusal(400, /cursor/));
  });

  test.each([7_000, 100_000])('one of %i letters', async (length) => {
    expect(
      await outcomeOf(() => shop.admin.as('viewer').get(`/api/orders?text=${'x'.repeat(length)}`)),
    ).toEqual(length > 16_000 ? aRefusal(431, /headers are too large/) : aRefusal(400, /text/));
  });
});

test.each(['diner=nobody-at-all', 'state=dead&text=no%20such%20words', 'state=baking'])(
  'a filter that matches nothing finds nothing: %s',
  async (query) => {
    expect(await shop.admin.as('viewer').get(`/api/orders?${query}`)).toMatchObject({
      status: 200,
      body: { orders: [] },
    });
  },
);

test.each([1 / 3, 0.1 + 0.2, 1e-7, -0.25, `${2 ** 53 + 2}`, '🍕 of "Süd"', "a:b,c'd"])(
  'an order of store and diner %j is found by each of them',
  async (value) => {
    const [text, names] = [String(value), ['store', 'diner']];
    const own = await dead.add({ diner: { id: value }, order: { storeId: value } });
    const queries = [...names, 'state=dead&store', 'state=dead&diner'];
    for (const query of queries) {
      const { body } = await shop.admin.as('viewer').get(`/api/orders?${query}=${encodeURIComponent(text)}`);
      const { orders } = body as { orders: { id: string }[] };
      expect([query, orders.map((order) => order.id)]).toEqual([query, [own]]);
    }
    for (const name of names) {
      const { body } = await shop.admin
        .as('operator')
        .post('/api/bulk/preview', { target: { filter: { [name]: text } } });
      expect(body).toMatchObject({ count: 1, isExact: true });
    }
  },
);

describe('a body that is not valid is refused', () => {
  const order = () => anOrder({ items: [{ menuId: 1, description: 'Veggie', price: '0.05' }] });

  test.each<[string, () => string, () => unknown, RegExp]>([
    ['no reason', () => `/api/orders/${id}/replay`, () => ({}), /why: say why/],
    ['an empty reason', () => `/api/orders/${id}/discard`, () => ({ why: '  ' }), /why: say why/],
    ['a reason of 501 letters', () => `/api/orders/${id}/discard`, () => ({ why: 'x'.repeat(501) }), /why/],
    [
      'a field of no meaning',
      () => `/api/orders/${id}/discard`,
      () => ({ why, by: 'somebody else' }),
      /"by"/,
    ],
    [
      'an edit with a text as price',
      () => `/api/orders/${id}/replay`,
      () => ({ why, order: order() }),
      /order\.items\.0\.price/,
    ],
    [
      'an edit without items',
      () => `/api/orders/${id}/replay`,
      () => ({ why, order: anOrder({ items: [] }) }),
      /order\.items/,
    ],
    [
      'an edit of its id',
      () => `/api/orders/${id}/replay`,
      () => ({ why, order: anOrder({ id: 'pb-other' }) }),
      /id/,
    ],
    [
      'an edit that is too deep',
      () => `/api/orders/${id}/replay`,
      () => ({ why, order: anOrder({ a: nested(40) }) }),
      /nested deeper/,
    ],
    ['a revelation for nothing', () => `/api/orders/${id}/reveal`, () => ({}), /why/],
    ['a rate of 0', () => '/api/bulk', () => bulk({ rate: 0 }), /rate: expected a rate of 1 to 5000/],
    ['a rate of 5001', () => '/api/bulk', () => bulk({ rate: 5_001 }), /rate/],
    ['half an order a second', () => '/api/bulk', () => bulk({ rate: 0.5 }), /rate/],
    ['no ids', () => '/api/bulk', () => bulk({ target: { ids: [] } }), /target/],
    [
      '1001 ids',
      () => '/api/bulk',
      () => bulk({ target: { ids: Array.from({ length: 1_001 }, String) } }),
      /target/,
    ],
    [
      'a filter of no meaning',
      () => '/api/bulk/preview',
      () => ({ target: { filter: { who: 1 } } }),
      /target/,
    ],
    ['another action', () => '/api/bulk', () => bulk({ action: 'bake' }), /action/],
    ['a switch to nowhere', () => '/api/factories/primary/switch', () => ({ to: 'up', why }), /to/],
    ['a pause of nothing', () => '/api/queue', () => ({ why }), /isPaused/],
    ['a list', () => '/api/queue', () => [], /object/],
    [
      'a reason in half a character',
      () => `/api/orders/${id}/discard`,
      () => '{"why":"z\\udc00"}',
      /^The body is not valid: why: half a character/,
    ],
    [
      'a reason with NUL',
      () => '/api/queue',
      () => ({ isPaused: true, why: 'x\0' }),
      /why: the character NUL/,
    ],
    [
      'an edit to a number that no double holds',
      () => `/api/orders/${id}/replay`,
      () => JSON.stringify({ why, order: anOrder({ note: 5 }) }).replace('"note":5', '"note":1e400'),
      /order\.note: the number 1e400/,
    ],
    [
      'an edit to a price that no shop can mean',
      () => `/api/orders/${id}/replay`,
      () => ({ why, order: anOrder({ items: [{ menuId: 1, description: 'Veggie', price: 1e22 }] }) }),
      /order\.items\.0\.price: expected a price of at most 100000000/,
    ],
    [
      'a rate without end',
      () => '/api/bulk',
      () => JSON.stringify(bulk({})).replace('"rate":1', '"rate":1e999'),
      /rate/,
    ],
    [
      'a reason of 501 emoji',
      () => '/api/queue',
      () => ({ isPaused: true, why: '🍕'.repeat(501) }),
      /why: expected at most 500/,
    ],
    [
      'two reasons',
      () => '/api/queue',
      () => '{"isPaused":true,"why":"a","why":"b"}',
      /why: this name stands twice/,
    ],
    ['no JSON', () => '/api/queue', () => '{', /not valid JSON/],
    ['__proto__', () => '/api/queue', () => '{"__proto__":{"isPaused":true},"why":"x"}', /__proto__/],
  ])('%s', async (_what, path, body, message) => {
    expect(await outcomeOf(() => shop.admin.as('admin').post(path(), body()))).toEqual(
      aRefusal(400, message),
    );
  });

  test('one of 300 kB', async () => {
    expect(
      await outcomeOf(() =>
        shop.admin.as('admin').post('/api/queue', { isPaused: true, why: 'x'.repeat(300_000) }),
      ),
    ).toEqual(aRefusal(413, /too large/));
  });

  test('one that is no JSON by its type', async () => {
    const headers = { 'content-type': 'text/plain' };
    expect(
      await outcomeOf(() => shop.admin.as('admin').request('POST', '/api/queue', { body: '{}', headers })),
    ).toEqual(aRefusal(415, /application\/json/));
  });

  test.each([
    ['POST', '/api/orders/pb-nobody/replay', { why }],
    ['POST', '/api/orders/pb-nobody/replay', { why, order: anOrder() }],
    ['POST', '/api/orders/pb-nobody/discard', { why }],
    ['POST', '/api/orders/pb-nobody/reveal', { why }],
    ['GET', '/api/orders/pb-nobody', undefined],
    ['GET', '/api/bulk/nothing', undefined],
    ['POST', '/api/bulk/nothing/pause', {}],
    ['POST', '/api/bulk/nothing/resume', {}],
    ['POST', '/api/bulk/nothing/abort', {}],
    ['POST', '/api/factories/third/switch', { to: 'open', why }],
    ['GET', '/api/nowhere', undefined],
    ['PUT', '/api/queue', {}],
  ])('%s %s is not there', async (method, path, body) => {
    expect(
      await outcomeOf(() => shop.admin.as('admin').request(method, path, body === undefined ? {} : { body })),
    ).toEqual(aRefusal(404, /^There is no/));
  });
});

function bulk(changes: object): object {
  return { action: 'replay', target: { filter: { state: ['dead'] } }, rate: 1, why, ...changes };
}

function nested(levels: number): object {
  let value: object = { leaf: 1 };
  for (let level = 1; level < levels; level += 1) value = { inner: value };
  return value;
}

test.each([
  ['🍕'.repeat(200), '🍕'.repeat(200)],
  ['a, "b" %ff\\ + ü', 'a, "b" %ff\\ + ü'],
  [' blank ', ' blank '],
  [-9_007_199_254_740_991, '-9007199254740991'],
])('an order is found by its store and its diner, however they are written: %j', async (store, text) => {
  const wanted = await dead.add({ order: { storeId: store }, diner: { id: store } });
  for (const name of ['store', 'diner']) {
    const query = new URLSearchParams({ [name]: text, state: 'dead' }).toString();
    const { body } = await shop.admin.as('viewer').get(`/api/orders?${query}`);
    expect(body).toMatchObject({ orders: [{ id: wanted, storeId: store }] });
  }
});

/** @guarantee G9 */
describe('a script in what a customer or a factory said', () => {
  const script = '<script>alert("x")</script><img src=x onerror=alert(1)>';

  test('stays a text in JSON, which no browser takes for a page', async () => {
    const hostile = await dead.add({
      reason: 'rejected',
      diner: { id: 9, name: script },
      order: { items: [{ menuId: 1, description: script, price: 1 }] },
      detail: script,
    });
    for (const answer of [
      await shop.admin.as('viewer').get(`/api/orders/${hostile}`),
      await shop.admin.as('viewer').get('/api/orders?diner=9'),
      await shop.admin.as('operator').post(`/api/orders/${hostile}/reveal`, { why: script }),
    ]) {
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
    const story = await shop.admin.as('viewer').get(`/api/orders/${hostile}`);
    expect(story.body).toMatchObject({ order: { items: [{ description: script }] } });
  });

  test('of a path that is not there, neither', async () => {
    const answer = await shop.admin.as('viewer').get(`/api/${script}`);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  test('and a formula is none in the CSV of the audit log', async () => {
    await shop.admin
      .as('operator')
      .post(`/api/orders/${id}/reveal`, { why: '=HYPERLINK("http://evil.example")' });
    const { text, headers } = await shop.admin.as('admin').get('/api/audit/export?format=csv');
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="proofbox-audit-[\d-]+\.csv"$/);
    expect(text).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
  });
});
