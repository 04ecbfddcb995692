import type { FactoryRequest, ReceiptPayload } from '@proofbox/contract';
import { describe, expect, test } from 'vitest';
import { receiptDifferences } from './receipt-differences.ts';

const sent: FactoryRequest = {
  diner: { id: 2, name: 'pizza diner', email: 'd@jwt.com' },
  order: {
    id: '20',
    franchiseId: 1,
    storeId: '1',
    items: [
      { menuId: 1, description: 'Veggie', price: 0.05 },
      { menuId: 2, description: 'Margarita', price: 0.0042 },
      { menuId: 2, description: 'Margarita', price: 0.0042 },
    ],
  },
};
const [veggie, margarita] = sent.order.items as [object, object];

/** The receipt of `sent`, but for these fields. */
function receipt(changes: { diner?: object; order?: object; [more: string]: unknown }): ReceiptPayload {
  return {
    ...changes,
    diner: { ...sent.diner, ...changes.diner },
    order: { ...sent.order, ...changes.order },
  };
}

function differences(payload: ReceiptPayload, order = sent): string[] {
  return receiptDifferences(payload, order, 'strict');
}

describe('a receipt is that of the order it was asked for, with', () => {
  test.for<[string, ReceiptPayload]>([
    ['everything as it was sent', receipt({})],
    [
      'fields that the factory adds',
      receipt({ vendor: { id: 'v' }, diner: { vip: true }, order: { date: 'today' } }),
    ],
    ['ids as numbers', receipt({ order: { id: 20, storeId: 1 } })],
    ['ids as texts', receipt({ diner: { id: '2' }, order: { franchiseId: '1' } })],
    ['no name and no e-mail', { diner: { id: 2 }, order: sent.order }],
    ['another name', receipt({ diner: { name: 'PIZZA DINER' } })],
    ['an empty e-mail', receipt({ diner: { email: '' } })],
    ['the e-mail spelled otherwise', receipt({ diner: { email: ' D@JWT.com' } })],
    [
      'the fields in another order',
      {
        order: Object.fromEntries(Object.entries(sent.order).toReversed()) as { id: string },
        diner: sent.diner,
      },
    ],
    ['the pizzas in another order', receipt({ order: { items: sent.order.items.toReversed() } })],
    [
      'pizzas with other descriptions, menu ids as texts, prices as texts, and more',
      receipt({
        order: {
          items: [
            { menuId: '1', price: '0.050', topping: 'none' },
            { menuId: '2', price: 0.00420000000001 },
            { menuId: 2, price: '4.2e-3', description: 'margarita' },
          ],
        },
      }),
    ],
  ])('%s', ([, payload]) => {
    expect(differences(payload)).toEqual([]);
  });
});

describe('a receipt is not that of the order, with', () => {
  test.for<[string, ReceiptPayload, string[]]>([
    ['another id', receipt({ order: { id: '21' } }), ['order.id']],
    ['an id that only begins like it', receipt({ order: { id: '20 ' } }), ['order.id']],
    ['another diner', receipt({ diner: { id: 3 } }), ['diner.id']],
    ['a diner without an id', { diner: { name: 'pizza diner' }, order: sent.order }, ['diner.id']],
    ['no diner', { order: sent.order }, ['diner.id']],
    ['a diner that is no object', { diner: '2', order: sent.order }, ['diner.id']],
    ['an id that is a list', receipt({ diner: { id: ['2'] } }), ['diner.id']],
    ['the e-mail of somebody else', receipt({ diner: { email: 'a@jwt.com' } }), ['diner.email']],
    ['another franchise', receipt({ order: { franchiseId: 2 } }), ['order.franchiseId']],
    ['another store', receipt({ order: { storeId: '2' } }), ['order.storeId']],
    ['no store', receipt({ order: { storeId: undefined } }), ['order.storeId']],
    ['no pizzas', receipt({ order: { items: [] } }), ['order.items']],
    ['pizzas that are no list', receipt({ order: { items: { length: 3 } } }), ['order.items']],
    ['a pizza less', receipt({ order: { items: sent.order.items.slice(1) } }), ['order.items']],
    ['a pizza more', receipt({ order: { items: [...sent.order.items, veggie] } }), ['order.items']],
    [
      'a pizza instead of another',
      receipt({ order: { items: [veggie, veggie, margarita] } }),
      ['order.items'],
    ],
    [
      'another menu id',
      receipt({ order: { items: [{ ...veggie, menuId: 7 }, margarita, margarita] } }),
      ['order.items'],
    ],
    [
      'another price',
      receipt({ order: { items: [{ ...veggie, price: 0.04 }, margarita, margarita] } }),
      ['order.items'],
    ],
    ['no price', receipt({ order: { items: [{ menuId: 1 }, margarita, margarita] } }), ['order.items']],
    ['a pizza that is null', receipt({ order: { items: [null, margarita, margarita] } }), ['order.items']],
    [
      'nothing but its id',
      { order: { id: '20' } },
      ['diner.id', 'order.franchiseId', 'order.storeId', 'order.items'],
    ],
  ])('%s', ([, payload, fields]) => {
    expect(differences(payload)).toEqual(fields);
  });

  test('a number that stands for several ids is none of them', () => {
    const long = { ...sent, diner: { id: '9007199254740992' } };
    const rounded = JSON.parse('{"id":9007199254740993}') as object;
    expect(differences({ diner: rounded, order: sent.order }, long)).toEqual(['diner.id']);
  });

  test.for([null, '', '  ', false, [], NaN])('a price of %o where the pizza costs nothing', (price) => {
    const free = { ...sent, order: { ...sent.order, items: [{ menuId: 1, description: '', price: 0 }] } };
    expect(differences(receipt({ order: { items: [{ menuId: 1, price }] } }), free)).toEqual(['order.items']);
  });
});

test('where only ids are compared, nothing else counts', () => {
  expect(receiptDifferences({ order: { id: 20 } }, sent, 'id')).toEqual([]);
  expect(receiptDifferences(receipt({ order: { id: '21' } }), sent, 'id')).toEqual(['order.id']);
});

test('of two orders that differ in anything that counts, neither gets the receipt of the other', () => {
  const variants = [
    sent,
    { ...sent, diner: { ...sent.diner, id: 3 } },
    { ...sent, diner: { ...sent.diner, email: 'b@jwt.com' } },
    { ...sent, order: { ...sent.order, id: 21 } },
    { ...sent, order: { ...sent.order, storeId: 2 } },
    { ...sent, order: { ...sent.order, franchiseId: '7' } },
    { ...sent, order: { ...sent.order, items: sent.order.items.slice(0, 2) } },
    {
      ...sent,
      order: {
        ...sent.order,
        items: [...sent.order.items.slice(1), { menuId: 1, description: '', price: 0 }],
      },
    },
  ] as FactoryRequest[];
  for (const ours of variants)
    for (const theirs of variants) {
      const isOurs =
        receiptDifferences({ diner: theirs.diner, order: theirs.order }, ours, 'strict').length === 0;
      expect(isOurs).toBe(ours === theirs);
    }
});
