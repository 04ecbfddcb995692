import { expect, test } from 'vitest';
import { changesBetween } from './order-changes.ts';
import { draftOf, orderOfDraft, withItem, withItemChanged, withoutItem } from './order-draft.ts';

const order = {
  id: 'pb-1',
  franchiseId: 1,
  storeId: '1',
  note: 'leave at the door',
  items: [
    { menuId: 1, description: 'Veggie', price: 0.05, size: 'L' },
    { menuId: '2', description: 'Pepperoni', price: 0.0042 },
  ],
};
const { id: _id, ...asSent } = order;

test('a draft that nobody touched is the order, with what the form does not show, and without its id', () => {
  expect(orderOfDraft(draftOf(order))).toEqual({ order: asSent });
  expect(changesBetween(order, asSent)).toEqual([]);
});

test.each([' blank ', 0.3333333333333333, -5e-7, '07'])(
  'an id that nobody touched stays as it was: %j',
  (storeId) => {
    const draft = { ...draftOf({ ...order, storeId }), franchiseId: '2' };
    expect(orderOfDraft(draft)).toMatchObject({ order: { franchiseId: 2, storeId } });
  },
);

test.each(['9007199254740993', '-0'])('an id that no number can hold is a text: %s', (franchiseId) => {
  expect(orderOfDraft({ ...draftOf(order), franchiseId })).toMatchObject({ order: { franchiseId } });
});

test.each(['0.00380000000000000000001', '1e400', '-0', '0x10', 'Infinity'])('%s is no price', (price) => {
  expect(orderOfDraft(withItemChanged(draftOf(order), 0, { price }))).toMatchObject({
    errors: { 'items.0.price': 'expected a number such as 0.05, without quotes' },
  });
});

test('an id stays a text or a number, as it was', () => {
  const draft = { ...draftOf(order), franchiseId: '7', storeId: '8' };
  expect(orderOfDraft(draft)).toMatchObject({ order: { franchiseId: 7, storeId: '8' } });
});

test('what is wrong is said at its field, by the rules of the contract', () => {
  const draft = withItemChanged(draftOf(order), 1, { menuId: '', price: '0.123456789' });
  expect(orderOfDraft(draft)).toEqual({
    errors: {
      'items.1.menuId': expect.stringContaining('expected an id'),
      'items.1.price': 'expected at most 8 decimals',
    },
  });
});

test('an empty price is no price of zero, and an order has items', () => {
  expect(orderOfDraft(withItem(draftOf(order)))).toMatchObject({
    errors: { 'items.2.price': expect.any(String) },
  });
  const empty = withoutItem(withoutItem(draftOf(order), 0), 1);
  expect(orderOfDraft(empty)).toEqual({ errors: { items: 'expected 1 to 20 items, got none' } });
});

test('what changes is told in words', () => {
  const draft = withItemChanged({ ...draftOf(order), storeId: '9' }, 0, { price: '0.06' });
  const result = orderOfDraft(withoutItem(draft, 1));
  expect('order' in result && changesBetween(order, result.order)).toEqual([
    { what: 'store', before: '"1"', after: '"9"' },
    { what: 'item 1', before: 'Veggie, menu 1, 0.05', after: 'Veggie, menu 1, 0.06' },
    { what: 'item 2', before: 'Pepperoni, menu "2", 0.0042', after: 'none' },
  ]);
});
