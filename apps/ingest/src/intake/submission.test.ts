import { ProblemError } from '@proofbox/contract';
import { describe, expect, test } from 'vitest';
import type { Customer } from '../auth/customer.ts';
import { readSubmission } from './submission.ts';

const rules = { deadlineMs: 60_000, doubleClickMs: 5_000 };
const diner: Customer = { kind: 'diner', diner: { id: 2, name: 'pizza diner' }, session: 'session' };
const service: Customer = { kind: 'service', key: 'key' };
const order = {
  franchiseId: 1,
  storeId: '1',
  items: [{ menuId: 1, description: 'Veggie', price: 0.0038 }],
};
const serviceBody = { diner: { id: 9, email: 's@jwt.com' }, order: { ...order, id: 20 } };

function read(input: Partial<Parameters<typeof readSubmission>[0]> = {}) {
  return readSubmission({ customer: diner, body: order, idempotencyKey: undefined, rules, ...input });
}

describe("a diner's submission", () => {
  test('is what the factory will be sent: the diner of the token, and the order under our id', () => {
    const submission = read({ body: { ...order, note: 'extra cheese' } });
    expect(submission).toMatchObject({
      source: 'frontend',
      dinerId: '2',
      deadlineMs: 60_000,
      request: { diner: diner.diner, order: { ...order, note: 'extra cheese', id: submission.id } },
    });
  });

  test('cannot choose its id or its diner', () => {
    const submission = read({ body: { ...order, id: 'mine', diner: { id: 1 } } });
    expect(submission.request.order.id).toBe(submission.id);
    expect(submission.id).toMatch(/^pb-/);
    expect(submission.request.diner).toEqual(diner.diner);
  });

  test('with a key is the same order each time, and the key of another diner is another order', () => {
    const other: Customer = { ...diner, diner: { id: 3 } };
    const first = read({ idempotencyKey: 'k' });
    expect(read({ idempotencyKey: 'k' })).toEqual(first);
    expect(read({ idempotencyKey: 'l' }).id).not.toBe(first.id);
    expect(read({ idempotencyKey: 'k', customer: other }).id).not.toBe(first.id);
    expect(first).not.toHaveProperty('doubleClick');
  });

  test('with the same key is told from another body by its fingerprint', () => {
    const first = read({ idempotencyKey: 'k' });
    expect(read({ idempotencyKey: 'k', body: { ...order, storeId: '2' } }).fingerprint).not.toBe(
      first.fingerprint,
    );
  });

  test('without a key has an id of its own, and the mark of a double click', () => {
    const [first, again] = [read(), read()];
    expect(again.id).not.toBe(first.id);
    expect(first.doubleClick).toEqual({ key: expect.stringMatching(/^[\w-]{43}$/), windowMs: 5_000 });
    expect(again.doubleClick).toEqual(first.doubleClick);
  });

  test.for([
    ['another login', { customer: { ...diner, session: 'other' } }],
    ['another body', { body: { ...order, storeId: '2' } }],
  ] as const)('of %s is no double click', ([, change]) => {
    expect(read(change).doubleClick?.key).not.toBe(read().doubleClick?.key);
  });

  test('is never a double click where that is turned off', () => {
    expect(read({ rules: { ...rules, doubleClickMs: 0 } })).not.toHaveProperty('doubleClick');
  });

  test.for(['k', 'x'.repeat(200), '"quoted"', '550e8400-e29b-41d4-a716-446655440000', 'a:b/c'])(
    'may have the key %s',
    (idempotencyKey) => {
      expect(read({ idempotencyKey }).id).toMatch(/^pb-/);
    },
  );

  test.for(['', ' ', 'a b', 'x'.repeat(201), 'a\u0000b', 'a\tb', 'a\nb', 'a\u007f', 'schlüssel', 'a, b'])(
    'may not have the key %j',
    (idempotencyKey) => {
      expect(() => read({ idempotencyKey })).toThrow(
        new ProblemError({
          status: 400,
          title: 'Bad Request',
          detail: 'Idempotency-Key is not valid: expected 1 to 200 printable characters without blanks.',
        }),
      );
    },
  );

  test('that is no order is refused, and so is what only a service may post', () => {
    expect(() => read({ body: { ...order, items: [] } })).toThrow(/^The order is not valid: items: /);
    expect(() => read({ body: serviceBody })).toThrow(/^The order is not valid: franchiseId: /);
    expect(() => read({ body: undefined })).toThrow(/^The order is not valid: expected an object/);
  });
});

describe("an order service's submission", () => {
  test('is sent on as it came, with its own number and its own diner', () => {
    expect(read({ customer: service, body: { ...serviceBody, more: 1 } })).toMatchObject({
      source: 'service',
      dinerId: '9',
      deadlineMs: 60_000,
      request: { ...serviceBody, more: 1 },
    });
  });

  test('is the same order by its number, whatever Idempotency-Key comes with it', () => {
    const first = read({ customer: service, body: serviceBody });
    expect(read({ customer: service, body: serviceBody, idempotencyKey: 'k' })).toEqual(first);
    expect(first).not.toHaveProperty('doubleClick');
  });

  test.for([
    ['of another number', { body: { ...serviceBody, order: { ...order, id: 21 } } }],
    ['of another service', { customer: { kind: 'service', key: 'other' } }],
  ] as const)('%s is another order', ([, change]) => {
    const first = read({ customer: service, body: serviceBody });
    expect(read({ customer: service, body: serviceBody, ...change }).id).not.toBe(first.id);
  });

  test('does not meet a diner of the same number', () => {
    const asDiner = read({ idempotencyKey: '20', customer: { ...diner, diner: { id: 'key' } } });
    expect(read({ customer: service, body: serviceBody }).id).not.toBe(asDiner.id);
  });

  test('without a diner or without a number is refused', () => {
    expect(() => read({ customer: service, body: order })).toThrow(/^The order is not valid: diner: /);
    expect(() => read({ customer: service, body: { diner: { id: 9 }, order } })).toThrow(/order\.id: /);
  });
});
