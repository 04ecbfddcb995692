import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decimalOf, exactValue } from '../support/exact-value.ts';
import { startRecordingProxy, type RecordingProxy } from '../support/recording-proxy.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
let proxy: RecordingProxy;
beforeAll(async () => {
  proxy = await startRecordingProxy(() => shop.stack.urls.primary);
  shop = await openShop({
    fallback: false,
    admin: false,
    env: { worker: { FACTORY_PRIMARY_URL: proxy.url } },
  });
});
afterAll(async () => {
  await shop?.[Symbol.asyncDispose]();
  await proxy?.[Symbol.asyncDispose]();
});

const ours = ['id', 'franchiseId', 'storeId', 'items', 'menuId', 'description', 'price', '__proto__'];

/** Pieces of JSON, as any program in any language might write them. */
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
  fc
    .tuple(fc.integer(), fc.nat(999_999), fc.integer({ min: -20, max: 20 }))
    .map(([whole, fraction, power]) => `${whole}.${fraction}E${power}`),
);
const text = fc.string({ unit: 'binary', maxLength: 20 }).map((each) => each.replaceAll('\0', ''));
const name = text.filter((each) => !ours.includes(each));
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom('true', 'false', 'null', '[]', '{}', '""', '0', '-1.50'),
    number,
    text.map((each) => JSON.stringify(each)),
    fc.array(tie('value'), { maxLength: 4 }).map((each) => `[${each.join(' , ')}]`),
    fc.dictionary(name, tie('value'), { maxKeys: 4 }).map(objectOf),
  ),
}));
const unknownFields = fc.dictionary(name, value, { maxKeys: 4 });
const item = fc
  .record({ fields: unknownFields, description: text, price: fc.integer({ min: 0, max: 10 ** 9 }) })
  .map(({ fields, description, price }) =>
    objectOf({
      menuId: '"7"',
      description: JSON.stringify(description),
      price: String(price / 1e8),
      ...fields,
    }),
  );
const order = fc
  .record({ fields: unknownFields, items: fc.array(item, { minLength: 1, maxLength: 3 }) })
  .map(({ fields, items }) =>
    objectOf({ ...fields, franchiseId: '1', storeId: '"1"', items: `[${items.join(',')}]` }),
  );

function objectOf(fields: Record<string, string>): string {
  return `{${Object.entries(fields)
    .map(([key, json]) => `${JSON.stringify(key)} :${json}`)
    .join(',\n')}}`;
}

/** Whether a program that holds numbers as doubles can hand this on. */
function isExact(json: string): boolean {
  let exact = true;
  JSON.parse(json, (_name, each: unknown, read?: { source?: string }) => {
    if (typeof each === 'number')
      exact &&= Number.isFinite(each) && decimalOf(read!.source!) === decimalOf(String(each));
    return each;
  });
  return exact;
}

/** The two ways in: what is posted, by whose key, and what the factory has to get for it under an id. */
const doors = {
  'a diner': {
    key: () => shop.diner.token,
    bodyFor: (sent: string) => sent,
    wanted: (sent: string, id: string) => ({
      diner: { id: { number: '2e0' }, name: 'pizza diner', email: 'd@jwt.com' },
      order: { ...(exactValue(sent) as object), id },
    }),
  },
  'an order service': {
    key: () => shop.stack.vendorApiKey,
    bodyFor: (sent: string) =>
      `{"order":${sent.replace('{', `{"id":"${randomUUID()}",`)},"diner":{"id":1.5e1}}`,
    wanted: (sent: string) => exactValue(sent),
  },
};

/** @guarantee G9 */
test.for(Object.entries(doors))(
  'what %s sends arrives at the factory with every value as it was, or is refused',
  async ([, { key, bodyFor, wanted }]) => {
    const sent = { exact: 0, inexact: 0 };

    async function place(json: string): Promise<void> {
      const body = bodyFor(json);
      const kind = isExact(body) ? 'exact' : 'inexact';
      sent[kind] += 1;
      const answer = await shop.diner.request('POST', '/api/order', {
        body,
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${key()}`,
          'idempotency-key': randomUUID(),
        },
      });
      expect([body, answer.status]).toEqual([body, kind === 'exact' ? 200 : 400]);
      if (kind === 'inexact') return;
      const { id } = answer.body.order;
      expect(exactValue(proxy.bodyOf(id)!)).toEqual(wanted(body, id));
    }

    await fc.assert(
      fc.asyncProperty(
        fc.array(order, { minLength: 8, maxLength: 8 }),
        async (orders) => void (await Promise.all(orders.map(place))),
      ),
      { numRuns: 20 },
    );
    expect(sent.exact).toBeGreaterThan(25);
    expect(sent.inexact).toBeGreaterThan(10);
  },
);
