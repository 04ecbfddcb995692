import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ProblemError } from '@proofbox/contract';
import type { Accepted, NewOrder, RedisCondition } from '@proofbox/ledger';
import { openOutbox, readOrders, type Outbox, type ReadableOrder } from '@proofbox/outbox';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { rememberOrders } from './recent-orders.ts';
import { takeOrder, type OrderStores } from './take-order.ts';
import { someOrder } from '../test-order.ts';

let folder: string;
let outbox: Outbox;
let condition: RedisCondition;
let stores: OrderStores;
const accept = vi.fn<(order: NewOrder) => Promise<Accepted>>();
const confirm = vi.fn<() => Promise<void>>();
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'proofbox-take-'));
  outbox = openIdleOutbox(folder);
  condition = { state: 'fit' };
  accept.mockReset().mockImplementation(async ({ id }) => ({ status: 'accepted', id }));
  confirm.mockReset().mockResolvedValue();
  const fakes = {
    ledger: { accept },
    replicas: { confirm },
    watch: {
      get condition() {
        return condition;
      },
      ask: (work: () => Promise<unknown>) => work(),
    },
    outbox,
    recent: rememberOrders(),
    events: new Proxy({}, { get: () => () => {} }),
  };
  stores = fakes as unknown as OrderStores;
});
afterEach(async () => {
  await outbox[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** One that has no Redis to deliver to. */
function openIdleOutbox(where: string): Outbox {
  const away = { condition: { state: 'away' }, answers: false };
  const parts = { redis: { defineCommand() {} }, names: {}, watch: away, notifier: { watch() {} } };
  const events = new Proxy({}, { get: () => () => {} });
  const options = { folder: where, shop: 'k', maxOrders: 1_000, keepHours: 24, areRepeatable: true };
  return openOutbox({ ...options, ...parts, clock: { now: Date.now }, events, onError() {} } as never);
}

function copies(): ReadableOrder[] {
  const stored = readOrders({ folder, shop: 'k' }, ['delivered']).toArray();
  return stored.filter((each) => 'order' in each);
}

describe('while Redis is fit', () => {
  test('an order goes there, and does not wait in the outbox', async () => {
    const put = vi.spyOn(outbox.orders, 'put');
    const order = someOrder();
    expect(await takeOrder(stores, order)).toEqual({ status: 'accepted', id: order.id, where: 'redis' });
    expect(accept).toHaveBeenCalledExactlyOnceWith({ ...order, acceptedAt: expect.any(Number) });
    expect(confirm).toHaveBeenCalledOnce();
    expect(put).not.toHaveBeenCalled();
  });

  test('a second copy is written before an order is answered, with the very time that Redis was given', async () => {
    const order = someOrder();
    await takeOrder(stores, order);
    const { acceptedAt } = accept.mock.calls[0]![0];
    expect(copies().map((each) => each.order)).toEqual([{ ...order, acceptedAt }]);
  });

  test('of what Redis did not take there is no copy', async () => {
    accept.mockResolvedValueOnce({ status: 'conflict', id: 'pb-1' });
    await takeOrder(stores, someOrder());
    accept.mockRejectedValueOnce(new Error('too slow'));
    await takeOrder(stores, someOrder());
    expect(copies()).toEqual([]);
  });

  test.for([
    ['did not answer in time', accept],
    ['has too few replicas that have it', confirm],
  ] as const)('an order for which it %s goes to the outbox under the same id', async ([, step]) => {
    step.mockRejectedValue(new Error('too slow'));
    const order = someOrder();
    expect(await takeOrder(stores, order)).toEqual({ status: 'accepted', id: order.id, where: 'outbox' });
    expect(outbox.orders.find(order.id)).toMatchObject(order);
  });

  test('a repeat of an order that still waits in the outbox goes to Redis at once, with the time of its promise', async () => {
    const order = someOrder();
    await outbox.orders.put(order);
    const { acceptedAt } = outbox.orders.find(order.id)!;
    expect(await takeOrder(stores, order)).toMatchObject({ where: 'redis', id: order.id });
    expect(accept).toHaveBeenCalledExactlyOnceWith({ ...order, acceptedAt });
  });

  test('what contradicts an order that still waits in the outbox is a conflict, and a double click is that order', async () => {
    const click = () => someOrder({ doubleClick: { key: 'k', windowMs: 5_000 } });
    const [keyed, clicked] = [someOrder(), click()];
    await outbox.orders.put(keyed);
    await outbox.orders.put(clicked);
    expect(await takeOrder(stores, { ...keyed, fingerprint: 'g' })).toMatchObject({ status: 'conflict' });
    expect(await takeOrder(stores, click())).toMatchObject({ status: 'existing', id: clicked.id });
    expect(accept).not.toHaveBeenCalled();
  });

  test('an order that was not taken because Redis turned out to be full is refused, and not kept', async () => {
    accept.mockImplementation(() => {
      condition = { state: 'full', why: 'Redis is out of memory' };
      return Promise.reject(new Error('OOM'));
    });
    await expect(takeOrder(stores, someOrder())).rejects.toMatchObject({ status: 503 });
    expect(outbox.orders.count('undelivered')).toBe(0);
  });
});

describe.for(['away', 'unknown'] as const)('while Redis is %s', (state) => {
  beforeEach(() => {
    condition = state === 'away' ? { state, why: 'gone' } : { state };
  });

  test('nobody waits for it', async () => {
    expect(await takeOrder(stores, someOrder())).toMatchObject({ status: 'accepted', where: 'outbox' });
    expect(accept).not.toHaveBeenCalled();
  });

  test('what was taken just before is still recognised', async () => {
    const click = () => someOrder({ doubleClick: { key: 'k', windowMs: 5_000 } });
    const [keyed, clicked, now] = [someOrder(), click(), condition];
    condition = { state: 'fit' };
    await takeOrder(stores, keyed);
    await takeOrder(stores, clicked);
    condition = now;
    expect(await takeOrder(stores, keyed)).toMatchObject({ id: keyed.id, where: 'outbox' });
    expect(await takeOrder(stores, { ...keyed, fingerprint: 'g' })).toMatchObject({ status: 'conflict' });
    expect(await takeOrder(stores, click())).toMatchObject({ status: 'existing', id: clicked.id });
  });

  test('an order that the disk does not take either is refused', async () => {
    await using broken = openIdleOutbox('/dev/null/outbox');
    const refusal = await takeOrder({ ...stores, outbox: broken }, someOrder()).catch(
      (error: unknown) => error,
    );
    expect(refusal).toBeInstanceOf(ProblemError);
    expect(refusal).toMatchObject({ status: 503, headers: { 'Retry-After': '5' } });
  });
});

test.for([
  { state: 'unfit', reasons: ['Redis has appendonly no'] },
  { state: 'full', why: 'Redis uses 95 %' },
] as const)(
  'while Redis is $state an order is refused, and goes neither there nor to the disk',
  async (now) => {
    condition = now as RedisCondition;
    await expect(takeOrder(stores, someOrder())).rejects.toMatchObject({
      status: 503,
      headers: { 'Retry-After': expect.stringMatching(/^\d+$/) },
    });
    expect(accept).not.toHaveBeenCalled();
    expect(outbox.orders.count('undelivered')).toBe(0);
  },
);
