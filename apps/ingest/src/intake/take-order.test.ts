import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ProblemError } from '@proofbox/contract';
import type { Accepted, NewOrder, RedisCondition } from '@proofbox/ledger';
import { Journal, Spool } from '@proofbox/outbox';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { rememberOrders } from './recent-orders.ts';
import { takeOrder, type Intake } from './take-order.ts';
import { someOrder } from '../test-order.ts';

let folder: string;
let spool: Spool;
let journal: Journal;
let condition: RedisCondition;
let intake: Intake;
const accept = vi.fn<(order: NewOrder) => Promise<Accepted>>();
const confirm = vi.fn<() => Promise<void>>();
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'proofbox-take-'));
  spool = new Spool({ folder, keyTag: 'k', maxOrders: 1_000, onTrouble() {} });
  journal = new Journal({ folder, keyTag: 'k', onTrouble() {}, onMissed() {} });
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
    spool,
    journal,
    recent: rememberOrders(),
    events: new Proxy({}, { get: () => () => {} }),
  };
  intake = fakes as unknown as Intake;
});
afterEach(() => {
  spool[Symbol.dispose]();
  journal[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

describe('while Redis is fit', () => {
  test('an order goes there, and not into the spool', async () => {
    const put = vi.spyOn(spool, 'put');
    const order = someOrder();
    expect(await takeOrder(intake, order)).toEqual({ status: 'accepted', id: order.id, where: 'redis' });
    expect(accept).toHaveBeenCalledExactlyOnceWith({ ...order, acceptedAt: expect.any(Number) });
    expect(confirm).toHaveBeenCalledOnce();
    expect(put).not.toHaveBeenCalled();
  });

  test('an order is in the journal before it is answered, with the very time that Redis was given', async () => {
    const order = someOrder();
    await takeOrder(intake, order);
    const { acceptedAt } = accept.mock.calls[0]![0];
    expect(journal.look((file) => file.read(0, 5))).toEqual([{ seq: 1, order: { ...order, acceptedAt } }]);
  });

  test('what Redis did not take is not in the journal', async () => {
    accept.mockResolvedValueOnce({ status: 'conflict', id: 'pb-1' });
    await takeOrder(intake, someOrder());
    accept.mockRejectedValueOnce(new Error('too slow'));
    await takeOrder(intake, someOrder());
    expect(journal.orders).toBe(0);
  });

  test.for([
    ['did not answer in time', accept],
    ['has too few replicas that have it', confirm],
  ] as const)('an order for which it %s is spooled under the same id', async ([, step]) => {
    step.mockRejectedValue(new Error('too slow'));
    const order = someOrder();
    expect(await takeOrder(intake, order)).toEqual({ status: 'accepted', id: order.id, where: 'spool' });
    expect(spool.find(order.id)).toMatchObject(order);
  });

  test('a repeat of an order that still waits in the spool goes to Redis at once, with the time of its promise', async () => {
    const order = someOrder();
    await spool.put(order);
    const { acceptedAt } = spool.find(order.id)!;
    expect(await takeOrder(intake, order)).toMatchObject({ where: 'redis', id: order.id });
    expect(accept).toHaveBeenCalledExactlyOnceWith({ ...order, acceptedAt });
  });

  test('what contradicts an order that still waits in the spool is a conflict, and a double click is that order', async () => {
    const click = () => someOrder({ doubleClick: { key: 'k', windowMs: 5_000 } });
    const [keyed, clicked] = [someOrder(), click()];
    await spool.put(keyed);
    await spool.put(clicked);
    expect(await takeOrder(intake, { ...keyed, fingerprint: 'g' })).toMatchObject({ status: 'conflict' });
    expect(await takeOrder(intake, click())).toMatchObject({ status: 'existing', id: clicked.id });
    expect(accept).not.toHaveBeenCalled();
  });

  test('an order that was not taken because Redis turned out to be full is refused, not spooled', async () => {
    accept.mockImplementation(() => {
      condition = { state: 'full', why: 'Redis is out of memory' };
      return Promise.reject(new Error('OOM'));
    });
    await expect(takeOrder(intake, someOrder())).rejects.toMatchObject({ status: 503 });
    expect(spool.orders).toBe(0);
  });
});

describe.for(['away', 'unknown'] as const)('while Redis is %s', (state) => {
  beforeEach(() => {
    condition = state === 'away' ? { state, why: 'gone' } : { state };
  });

  test('nobody waits for it', async () => {
    expect(await takeOrder(intake, someOrder())).toMatchObject({ status: 'accepted', where: 'spool' });
    expect(accept).not.toHaveBeenCalled();
  });

  test('what was taken just before is still recognised', async () => {
    const click = () => someOrder({ doubleClick: { key: 'k', windowMs: 5_000 } });
    const [keyed, clicked, now] = [someOrder(), click(), condition];
    condition = { state: 'fit' };
    await takeOrder(intake, keyed);
    await takeOrder(intake, clicked);
    condition = now;
    expect(await takeOrder(intake, keyed)).toMatchObject({ id: keyed.id, where: 'spool' });
    expect(await takeOrder(intake, { ...keyed, fingerprint: 'g' })).toMatchObject({ status: 'conflict' });
    expect(await takeOrder(intake, click())).toMatchObject({ status: 'existing', id: clicked.id });
  });

  test('an order that the disk does not take either is refused', async () => {
    const broken = new Spool({ folder: '/dev/null/spool', keyTag: 'k', maxOrders: 1, onTrouble() {} });
    const refusal = await takeOrder({ ...intake, spool: broken }, someOrder()).catch(
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
    await expect(takeOrder(intake, someOrder())).rejects.toMatchObject({
      status: 503,
      headers: { 'Retry-After': expect.stringMatching(/^\d+$/) },
    });
    expect(accept).not.toHaveBeenCalled();
    expect(spool.orders).toBe(0);
  },
);
