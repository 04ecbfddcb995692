import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { fingerprintOf, newOrderId, orderIdFor } from './order-identity.ts';

describe('an order id', () => {
  test('of the same key is the same in any process, today and after any change of ours', async () => {
    const module = new URL('order-identity.ts', import.meta.url).href;
    const script = `console.log((await import(${JSON.stringify(module)})).orderIdFor('diner 2', 'key'))`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    expect(stdout.trim()).toBe(orderIdFor('diner 2', 'key'));
    expect(orderIdFor('diner 2', 'key')).toBe('pb-s2f0xpgzbxngmg2w6ywm5643');
  });

  test.for([
    ['another key', 'diner 2', 'key2'],
    ['another diner', 'diner 3', 'key'],
    ['a service', 'service 2', 'key'],
    ['a scope that runs into the key', 'diner 2k', 'ey'],
    ['a key that looks like a list', 'diner 2","key', ''],
  ] as const)('of %s is another one', ([, scope, key]) => {
    expect(orderIdFor(scope, key)).not.toBe(orderIdFor('diner 2', 'key'));
  });

  test('of an order without a key is new each time', () => {
    expect(new Set(Array.from({ length: 1_000 }, newOrderId)).size).toBe(1_000);
  });

  test('is short, never all digits, and has nothing in it that a queue, a key or a URL would trip over', () => {
    const ids = Array.from({ length: 1_000 }, (_, i) => [
      newOrderId(),
      orderIdFor('diner 2', `key ${i}`),
    ]).flat();
    for (const id of ids) expect(id).toMatch(/^pb-[0-9a-hjkmnp-tv-z]{24}$/);
  });
});

describe('a fingerprint', () => {
  const order = {
    franchiseId: 1,
    storeId: '1',
    items: [{ menuId: 1, price: 0.05, crust: { a: 1, b: [null, true] } }],
  };

  test('is the same whatever the order of the fields, at every level', () => {
    const turned = {
      items: [{ crust: { b: [null, true], a: 1 }, price: 0.05, menuId: 1 }],
      storeId: '1',
      franchiseId: 1,
    };
    expect(fingerprintOf(turned)).toBe(fingerprintOf(order));
  });

  test.for([
    ['another value', { ...order, storeId: '2' }],
    ['a number for a text', { ...order, storeId: 1 }],
    ['one field more', { ...order, note: '' }],
    ['one field less', { franchiseId: 1, items: order.items }],
    ['another order of the items', { ...order, items: [...order.items, { menuId: 2 }].toReversed() }],
    [
      'a field that moved up',
      { ...order, a: 1, items: [{ menuId: 1, price: 0.05, crust: { b: [null, true] } }] },
    ],
    ['a list for an object', { ...order, items: { 0: order.items[0] } }],
    ['its JSON as a text', JSON.stringify(order)],
  ] as const)('is another one for %s', ([, other]) => {
    expect(fingerprintOf(other)).not.toBe(fingerprintOf(order));
  });

  test('is not fooled by fields whose names look like JSON', () => {
    expect(fingerprintOf({ 'a":1,"b': 2 })).not.toBe(fingerprintOf({ a: 1, b: 2 }));
  });
});
