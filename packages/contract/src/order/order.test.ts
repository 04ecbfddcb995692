import { describe, expect, test } from 'vitest';
import { factoryRequest } from '../factory/factory.ts';
import { orderIn, orderWithId, totalOf } from './order.ts';

const item = { menuId: 1, description: 'Veggie', price: 0.0038 };
const order = { franchiseId: 1, storeId: '1', items: [item] };
const withItem = (changes: object) => ({ ...order, items: [{ ...item, ...changes }] });
const items = (count: number) => Array.from({ length: count }, () => item);

const taken: [string, object][] = [
  ['one item', order],
  ['20 items', { ...order, items: items(20) }],
  ['ids that are numbers', { ...withItem({ menuId: 1 }), franchiseId: 1, storeId: 7 }],
  ['ids that are strings', { ...withItem({ menuId: '1' }), franchiseId: 'a', storeId: 'a:b' }],
  ['an id of 200 characters', { ...order, storeId: 'x'.repeat(200) }],
  ['a price of 0', withItem({ price: 0 })],
  ['a price with 8 decimals', withItem({ price: 0.12345678 })],
  ['a price with float noise only', withItem({ price: 0.1 + 0.2 })],
  ['a price with float noise at 8 decimals', withItem({ price: 0.00000001 * 3 })],
  ['the largest price', withItem({ price: 100_000_000 })],
  ['an id of 200 emoji', { ...order, storeId: '🍕'.repeat(200) }],
  ['an empty description', withItem({ description: '' })],
];

const idMessage = 'expected an id: a number, or a string of 1 to 200 characters';
const numberMessage = 'expected a number such as 0.05, without quotes';
const priceMessage = 'expected a price of at most 100000000';
const itemMessage = 'expected an item: an object with menuId, description and price';
const orderMessage = 'expected an object with franchiseId, storeId and items';

const refused: [string, unknown, string, string][] = [
  ['no items', { ...order, items: [] }, 'items', 'expected 1 to 20 items, got none'],
  ['21 items', { ...order, items: items(21) }, 'items', 'expected 1 to 20 items, got 21'],
  ['absent items', { franchiseId: 1, storeId: 1 }, 'items', 'expected a list of items'],
  ['items that are no list', { ...order, items: { 0: item } }, 'items', 'expected a list of items'],
  ['an item that is no object', { ...order, items: [item, null] }, 'items.1', itemMessage],
  ['a price that is a string', withItem({ price: '0.05' }), 'items.0.price', numberMessage],
  ['no price', withItem({ price: undefined }), 'items.0.price', numberMessage],
  ['a price of null', withItem({ price: null }), 'items.0.price', numberMessage],
  ['a price that is NaN', withItem({ price: Number.NaN }), 'items.0.price', numberMessage],
  ['an infinite price', withItem({ price: Number.POSITIVE_INFINITY }), 'items.0.price', numberMessage],
  ['a negative price', withItem({ price: -1 }), 'items.0.price', 'expected a price of 0 or more'],
  ['a price that no shop can mean', withItem({ price: 1e22 }), 'items.0.price', priceMessage],
  ['a price just too large', withItem({ price: 100_000_000.01 }), 'items.0.price', priceMessage],
  ['9 decimals', withItem({ price: 0.123456789 }), 'items.0.price', 'expected at most 8 decimals'],
  ['a price below 8 decimals', withItem({ price: 1e-9 }), 'items.0.price', 'expected at most 8 decimals'],
  ['a description that is no text', withItem({ description: 5 }), 'items.0.description', 'expected a text'],
  ['an absent id', { ...order, storeId: undefined }, 'storeId', idMessage],
  ['an empty id', { ...order, storeId: '' }, 'storeId', idMessage],
  ['an id of 201 characters', { ...order, storeId: 'x'.repeat(201) }, 'storeId', idMessage],
  ['an id of 201 emoji', { ...order, storeId: '🍕'.repeat(201) }, 'storeId', idMessage],
  ['an id that is NaN', { ...order, franchiseId: Number.NaN }, 'franchiseId', idMessage],
  ['a number too large to be exact', { ...order, storeId: 2 ** 53 }, 'storeId', idMessage],
  ['an id that is an object', withItem({ menuId: {} }), 'items.0.menuId', idMessage],
  ['no order', undefined, '', orderMessage],
  ['null', null, '', orderMessage],
  ['a list', [order], '', orderMessage],
  ['a text', 'order', '', orderMessage],
];

describe('an order', () => {
  test.for(taken)('with %s is taken as it was sent', ([, value]) => {
    expect(orderIn.parse(value)).toEqual(value);
  });

  test.for(refused)('with %s is refused in words for a person', ([, value, path, message]) => {
    const issues = orderIn.safeParse(value).error?.issues ?? [];
    expect(issues.map((each) => ({ path: each.path.join('.'), message: each.message }))).toEqual([
      { path, message },
    ]);
  });

  test('keeps fields that we do not know, at every level', () => {
    const value = { ...withItem({ size: 'xl', crust: { kind: 'thin' } }), note: ['ring twice'] };
    expect(orderIn.parse(value)).toEqual(value);
    const request = { diner: { id: 2, phone: '1' }, order: { ...value, id: 20 }, vendor: { id: 'v' } };
    expect(factoryRequest.parse(request)).toEqual(request);
  });

  test('from an order service needs its number, and a diner with an id', () => {
    expect(orderWithId.safeParse(order).success).toBe(false);
    expect(orderWithId.safeParse({ ...order, id: 20 }).success).toBe(true);
    const messages = factoryRequest.safeParse({ diner: { id: '', email: 5 }, order }).error?.issues;
    expect(messages?.map((each) => [each.path.join('.'), each.message])).toEqual([
      ['diner.id', idMessage],
      ['diner.email', 'expected a text'],
      ['order.id', idMessage],
    ]);
  });
});

test('a total has the decimals of its prices, and no others', () => {
  expect(totalOf([0.1, 0.2, 0.00000001].map((price) => ({ price })))).toBe(0.30000001);
  expect(totalOf(Array.from({ length: 20 }, () => ({ price: 100_000_000 })))).toBe(2_000_000_000);
});
