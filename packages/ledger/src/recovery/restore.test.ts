import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createReconciler } from '../reconcile/reconciler.ts';
import type { NewOrder, Settlement } from '../orders/ledger.ts';
import { openTestLedger, someOrder, type TestLedger } from '../testing/test-ledger.ts';

let box: TestLedger;
beforeEach(() => {
  box = openTestLedger();
});
afterEach(() => box[Symbol.asyncDispose]());

const settlements: [Settlement['state'], Settlement][] = [
  ['fulfilled', { state: 'fulfilled', at: 900, receipt: 'a.b.c', factory: 'primary', fulfilledAt: 900 }],
  ['dead', { state: 'dead', at: 900, reason: 'rejected' }],
  ['held', { state: 'held', at: 900, reason: 'unknown_outcome' }],
  ['discarded', { state: 'discarded', at: 900, discardReason: 'refunded' }],
];
const receipt = settlements[0]![1];

function promised(changes: Partial<NewOrder> = {}): NewOrder & { acceptedAt: number } {
  return { ...someOrder(changes), acceptedAt: 500, ...changes };
}

async function expectInOrder(): Promise<void> {
  const { redis, names, queue } = box;
  const reconciler = createReconciler({
    redis,
    names,
    queue,
    graceMs: 0,
    repeatable: [],
    now: () => box.clock.now,
  });
  const { balance, indexes } = await reconciler.reconcileAll({ mend: false });
  expect(balance.difference).toEqual({ counters: 0, indexes: 0, drift: 0 });
  expect(indexes).toMatchObject({ lost: [], misplaced: [] });
}

describe('an order that Redis has lost', () => {
  test('is queued again as it was promised, and says that it was put back', async () => {
    const order = promised();
    expect(await box.ledger.restore({ order })).toBe('restored');
    expect(await box.ledger.find(order.id)).toMatchObject({
      state: 'queued',
      acceptedAt: 500,
      deadlineAt: 500 + order.deadlineMs,
      restoredAt: box.clock.now,
      request: order.request,
    });
    expect(await box.ledger.accept(order)).toMatchObject({ status: 'existing' });
    await expectInOrder();
  });

  test.for(settlements)('that was %s is that again', async ([state, settlement]) => {
    const order = promised();
    expect(await box.ledger.restore({ order, settlement })).toBe('restored');
    const { at: _at, ...told } = settlement;
    expect(await box.ledger.find(order.id)).toMatchObject({ ...told, state, updatedAt: 900 });
    await expectInOrder();
  });

  test('and must not be tried again is held', async () => {
    const order = promised();
    expect(await box.ledger.restore({ order, presumed: settlements[2]![1] })).toBe('restored');
    expect(await box.ledger.find(order.id)).toMatchObject({ state: 'held', reason: 'unknown_outcome' });
  });

  test('is put back once, however often it is tried', async () => {
    const order = promised();
    const statuses = await Promise.all(
      [1, 2, 3].map(() => box.ledger.restore({ order, settlement: receipt })),
    );
    expect(statuses.toSorted()).toEqual(['existing', 'existing', 'restored']);
    expect((await box.ledger.stats()).counters).toMatchObject({ accepted: 1, fulfilled: 1, queued: 0 });
    await expectInOrder();
  });
});

describe('an order that is there', () => {
  test('is never overwritten: it has come further, or it is another one', async () => {
    const order = promised();
    await box.ledger.accept({ ...order, acceptedAt: 1_000 });
    expect(await box.ledger.restore({ order })).toBe('existing');
    const presumed: Settlement = { state: 'held', at: box.clock.now, reason: 'unknown_outcome' };
    expect(await box.ledger.restore({ order, presumed })).toBe('existing');
    expect(await box.ledger.restore({ order: { ...order, fingerprint: 'g' }, settlement: receipt })).toBe(
      'conflict',
    );
    expect(await box.ledger.find(order.id)).toMatchObject({ state: 'queued', acceptedAt: 1_000 });
    await expectInOrder();
  });

  test.for(settlements)('in an older state is %s as it had been', async ([state, settlement]) => {
    const order = promised();
    await box.ledger.accept(order);
    expect(await box.ledger.restore({ order, settlement })).toBe('settled');
    expect(await box.ledger.find(order.id)).toMatchObject({ state });
    expect(await box.ledger.restore({ order, settlement })).toBe('existing');
    await expectInOrder();
  });

  /** @guarantee G2 */
  test('with a receipt keeps it, and one that was discarded stays so', async () => {
    for (const settlement of [settlements[0]![1], settlements[3]![1]]) {
      const order = promised();
      await box.ledger.restore({ order, settlement });
      for (const [, other] of settlements)
        expect(await box.ledger.restore({ order, settlement: other })).toBe('existing');
      expect(await box.ledger.find(order.id)).toMatchObject({ state: settlement.state });
    }
    await expectInOrder();
  });

  test('and was replayed since is not given up again; a receipt ends it all the same', async () => {
    const order = promised();
    await box.ledger.restore({ order, settlement: { state: 'dead', at: 900, reason: 'rejected' } });
    await box.ledger.replay({ id: order.id, deadlineMs: 1_000, by: 'pat', why: 'mended' });
    expect(
      await box.ledger.restore({ order, settlement: { state: 'dead', at: 900, reason: 'rejected' } }),
    ).toBe('existing');
    expect(await box.ledger.restore({ order, settlement: receipt })).toBe('settled');
    await expectInOrder();
  });

  test('and is being baked takes the receipt, and the one that comes after it is late', async () => {
    const order = promised();
    await box.ledger.accept(order);
    const begun = await box.begin(order.id);
    expect(await box.ledger.restore({ order, settlement: receipt })).toBe('settled');
    const outcome = { kind: 'fulfilled', receipt: 'd.e.f' } as never;
    expect(await box.ledger.settle({ ...begun, outcome })).toMatchObject({ status: 'late' });
    expect(await box.ledger.find(order.id)).toMatchObject({ state: 'fulfilled', receipt: 'a.b.c' });
    await expectInOrder();
  });
});
