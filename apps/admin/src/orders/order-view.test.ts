import { orderStates, summaryOf } from '@proofbox/contract';
import { orderDetail as detailSchema, orderRow as rowSchema } from '@proofbox/contract/admin';
import { expect, test } from 'vitest';
import { orderDetail, orderRow } from './order-view.ts';
import { someRecord } from './test-record.ts';

const request = {
  diner: { id: 2, name: 'pizza diner', email: 'd@jwt.com', phone: '555' },
  order: {
    id: 'pb-1',
    franchiseId: 1,
    storeId: '1',
    note: 'for the pizza diner',
    items: [
      { menuId: 1, description: 'Veggie', price: 0.1, engraving: 'pizza diner' },
      { menuId: 2, description: '<b>Pepperoni</b>', price: 0.2 },
    ],
  },
};
const edits = [{ at: new Date(0).toISOString(), by: 'ada', why: 'x', before: request.order }];

test.each(orderStates)('the row and the story of an order that is %s are what the contract says', (state) => {
  const record = someRecord({
    state,
    request,
    receipt: 'eyJhbGciOi.a.b',
    attempts: [
      { n: 1, factory: 'primary', worker: 'w', startedAt: 5, endedAt: 12, outcome: 'unknown', givenUpAt: 9 },
      { n: 2, factory: 'fallback', worker: 'w', startedAt: 20 },
    ],
  });
  const row = orderRow(summaryOf(record));
  expect(rowSchema.strict().parse(row)).toEqual(row);
  const detail = orderDetail({ record, edits, audit: [] });
  expect(detailSchema.strict().parse(detail)).toEqual(detail);
  const isSettled = state !== 'queued' && state !== 'baking';
  expect(row.settledAt).toBe(isSettled ? new Date(record.updatedAt).toISOString() : undefined);
  expect(row).toMatchObject({ items: 2, total: 0.3, attempts: 2, lastAttempt: { outcome: 'under_way' } });
  expect(detail.attemptHistory[0]).toMatchObject({ durationMs: 7, givenUpAt: new Date(9).toISOString() });
});

test('masked, it says nothing that tells the diner, and never the receipt', () => {
  const record = someRecord({ request, receipt: 'eyJhbGciOi.a.b' });
  const detail = orderDetail({ record, edits, audit: [] });
  const text = JSON.stringify(detail);
  expect(text).not.toMatch(/pizza diner|d@jwt|555|engraving|note|eyJ/);
  expect(detail).toMatchObject({
    hasReceipt: true,
    diner: { id: '2', name: 'p••• d•••', email: 'd•••@j•••', isMasked: true },
    order: { items: [{ menuId: 1, description: 'Veggie', price: 0.1 }, { description: '<b>Pepperoni</b>' }] },
  });
});

test('masked, an id that is an e-mail is none that can be read', () => {
  const record = someRecord({ request, dinerId: 'd@jwt.com' });
  expect(orderRow(summaryOf(record)).diner.id).toBe('d•••@j•••');
  expect(JSON.stringify(orderDetail({ record, edits, audit: [] }))).not.toContain('d@jwt.com');
  expect(orderDetail({ record, edits, audit: [] }, 'revealed').diner.id).toBe('d@jwt.com');
});

test('revealed, it has the order as it is, and still no receipt', () => {
  const record = someRecord({ request, receipt: 'eyJhbGciOi.a.b' });
  const detail = orderDetail({ record, edits, audit: [] }, 'revealed');
  expect(detail.order).toEqual(request.order);
  expect(detail.edits[0]?.before).toEqual(request.order);
  expect(detail.diner).toEqual({ id: '2', name: 'pizza diner', email: 'd@jwt.com', isMasked: false });
  expect(JSON.stringify(detail)).not.toContain('eyJ');
});
