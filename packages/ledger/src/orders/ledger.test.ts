import type { Outcome } from '@proofbox/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AttemptKey } from './ledger.ts';
import { noteCanaryBaked } from '../fleet/factory-facts.ts';
import { openTestLedger, someOrder, type TestLedger } from '../testing/test-ledger.ts';

let box: TestLedger;
beforeEach(() => {
  box = openTestLedger();
});
afterEach(() => box[Symbol.asyncDispose]());

const failed: Outcome = { kind: 'failed', status: 500, detail: 'chaos monkey' };
const fulfilled = (receipt: string): Outcome => ({ kind: 'fulfilled', status: 200, receipt });

/** By its own worker, which does not wait for the lease. */
function giveUp({ id, n }: AttemptKey) {
  return box.ledger.reclaim({ id, n, worker: 'w' });
}

/** Tries the order once and lets it end like that. */
async function attempt(id: string, outcome: Outcome, factory: 'primary' | 'fallback' = 'primary') {
  const begun = await box.begin(id, { factory });
  box.clock.now += 10;
  return box.ledger.settle({ ...begun, outcome });
}

async function dead(changes = {}): Promise<string> {
  const id = await box.accepted(changes);
  await box.ledger.deadLetter({ id, state: 'dead', reason: 'rejected' });
  return id;
}

/** accepted = fulfilled + pending + held + dead + discarded, by the counters and by the indexes. */
async function expectConservation(): Promise<void> {
  const { counters } = await box.ledger.stats();
  const { accepted, lateReceipts: _late, ...states } = counters;
  expect(Object.values(states).reduce((sum, each) => sum + each, 0)).toBe(accepted);
  for (const [state, count] of Object.entries(states)) {
    expect([state, await box.redis.zcard(box.names.byState(state))]).toEqual([state, count]);
  }
}

describe('accept', () => {
  test('keeps what was ordered, and counts it once', async () => {
    const order = someOrder();
    expect(await box.ledger.accept(order)).toEqual({ status: 'accepted', id: order.id });
    expect(await box.ledger.find(order.id)).toMatchObject({
      id: order.id,
      state: 'queued',
      dinerId: '2',
      request: order.request,
      acceptedAt: 1_000_000,
      deadlineAt: 1_060_000,
      attempts: [],
    });
    await expectConservation();
  });

  test('of an order that was promised earlier counts its age and its deadline from then', async () => {
    const promised = await box.accepted({ acceptedAt: 990_000 });
    await box.accepted();
    expect(await box.ledger.find(promised)).toMatchObject({ acceptedAt: 990_000, deadlineAt: 1_050_000 });
    expect(await box.ledger.stats()).toMatchObject({ oldestPendingAt: 990_000 });
    await expectConservation();
  });

  /** @guarantee G2 */
  test('of the same id and body is the same order, also when a hundred arrive at once', async () => {
    const order = someOrder();
    const statuses = await Promise.all(Array.from({ length: 100 }, () => box.ledger.accept(order)));
    expect(statuses.filter(({ status }) => status === 'accepted')).toHaveLength(1);
    expect((await box.ledger.stats()).counters).toMatchObject({ accepted: 1, queued: 1 });
  });

  test('of the same id and another body is a conflict, and changes nothing', async () => {
    const id = await box.accepted({ id: 'pb-x' });
    expect(await box.ledger.accept(someOrder({ id, fingerprint: 'other', dinerId: '9' }))).toEqual({
      status: 'conflict',
      id,
    });
    expect(await box.ledger.find(id)).toMatchObject({ dinerId: '2' });
  });

  test('of a double click is the first order, until its window has passed', async () => {
    const doubleClick = { key: 'k', windowMs: 5_000 };
    const first = await box.accepted({ doubleClick });
    expect(await box.ledger.accept(someOrder({ doubleClick }))).toEqual({ status: 'existing', id: first });
    expect(await box.redis.pttl(box.names.doubleClick('k'))).toBeGreaterThan(4_000);
    await box.redis.del(box.names.doubleClick('k'));
    expect(await box.ledger.accept(someOrder({ doubleClick }))).toMatchObject({ status: 'accepted' });
  });
});

describe('an attempt', () => {
  test('is on record before its call is made', async () => {
    const id = await box.accepted();
    await box.begin(id, { factory: 'fallback' });
    expect(await box.ledger.find(id)).toMatchObject({
      state: 'baking',
      attempts: [{ n: 1, factory: 'fallback', worker: 'w', startedAt: box.clock.now }],
    });
    await expectConservation();
  });

  test('is alone: another worker finds the order busy', async () => {
    const id = await box.accepted();
    await box.begin(id);
    const other = { id, factory: 'fallback', worker: 'v', token: 'other', leaseMs: 10_000 } as const;
    expect(await box.ledger.beginAttempt(other)).toEqual({ status: 'busy', againInMs: 10_000 });
  });

  test('begun twice with one token is one attempt, as when its reply was lost', async () => {
    const id = await box.accepted();
    const token = 't';
    const again = await box.begin(id, { token });
    expect(await box.begin(id, { token, factory: 'fallback' })).toEqual(again);
    expect([again, await box.begin(id, { token })]).toMatchObject([{ n: 1 }, { n: 1 }]);
    expect((await box.ledger.find(id))?.attempts).toHaveLength(1);
  });

  test('of an order that is settled, or that nobody knows, is not begun', async () => {
    const input = { factory: 'primary', worker: 'w', token: 't', leaseMs: 10_000 } as const;
    expect(await box.ledger.beginAttempt({ id: await dead(), ...input })).toEqual({
      status: 'settled',
      state: 'dead',
    });
    expect(await box.ledger.beginAttempt({ id: 'pb-nobody', ...input })).toEqual({ status: 'missing' });
  });

  test('whose worker died is unknown, not "never happened"', async () => {
    const id = await box.accepted();
    const begun = await box.begin(id);
    box.clock.now += 500;
    expect(await giveUp(begun)).toMatchObject({
      status: 'reclaimed',
      attempt: { n: 1, outcome: 'unknown', endedAt: box.clock.now },
    });
    expect(await giveUp(begun)).toEqual({ status: 'ended' });
    expect(await box.begin(id)).toMatchObject({ n: 2 });
  });
});

describe('settle', () => {
  test('with a receipt fulfils the order', async () => {
    const id = await box.accepted();
    expect(await attempt(id, fulfilled('r1'))).toMatchObject({ status: 'fulfilled' });
    expect(await box.ledger.find(id)).toMatchObject({
      state: 'fulfilled',
      receipt: 'r1',
      factory: 'primary',
      fulfilledAt: box.clock.now,
    });
    await expectConservation();
  });

  /** @guarantee G2 */
  test('takes the first receipt and no later one, which it counts', async () => {
    const id = await box.accepted();
    const first = await box.begin(id);
    await giveUp(first);
    const second = await box.begin(id, { factory: 'fallback' });
    expect(await box.ledger.settle({ ...second, outcome: fulfilled('r2') })).toMatchObject({
      status: 'fulfilled',
    });
    expect(await box.ledger.settle({ ...first, outcome: fulfilled('r1') })).toMatchObject({
      status: 'late',
    });
    expect(await box.ledger.find(id)).toMatchObject({
      receipt: 'r2',
      factory: 'fallback',
      attempts: [{ n: 1, late: true, givenUpAt: box.clock.now }, { n: 2 }],
    });
    expect((await box.ledger.stats()).counters).toMatchObject({ fulfilled: 1, lateReceipts: 1 });
    await expectConservation();
  });

  test('told twice of the same receipt, as when its reply was lost, is still the one that fulfilled it', async () => {
    const id = await box.accepted();
    const begun = await box.begin(id);
    await box.ledger.settle({ ...begun, outcome: fulfilled('r') });
    expect(await box.ledger.settle({ ...begun, outcome: fulfilled('r') })).toMatchObject({
      status: 'fulfilled',
    });
    expect((await box.ledger.stats()).counters).toMatchObject({ fulfilled: 1, lateReceipts: 0 });
  });

  test('with a receipt that comes after its attempt was given up fulfils an order that is dead or held', async () => {
    for (const state of ['dead', 'held'] as const) {
      const id = await box.accepted();
      const begun = await box.begin(id);
      await giveUp(begun);
      await box.ledger.deadLetter({ id, state, reason: 'unknown_outcome' });
      expect(await box.ledger.settle({ ...begun, outcome: fulfilled(state) })).toMatchObject({
        status: 'fulfilled',
      });
      expect(await box.ledger.find(id)).toMatchObject({ state: 'fulfilled' });
      expect((await box.ledger.find(id))?.reason).toBeUndefined();
    }
    await expectConservation();
  });

  test('of an attempt that was given up meanwhile is told of that attempt, and does not touch the order', async () => {
    const id = await box.accepted();
    const begun = await box.begin(id);
    await giveUp(begun);
    const givenUpAt = box.clock.now;
    await box.begin(id);
    box.clock.now += 500;
    for (let times = 0; times < 2; times += 1)
      expect(await box.ledger.settle({ ...begun, outcome: failed })).toMatchObject({ status: 'superseded' });
    const { state, attempts } = (await box.ledger.find(id))!;
    expect(state).toBe('baking');
    expect(attempts).toMatchObject([{ outcome: 'failed', detail: 'chaos monkey', givenUpAt }, { n: 2 }]);
    expect(attempts[1]!.endedAt).toBeUndefined();
  });

  test('of an order that Redis has lost says so', async () => {
    expect(
      await box.ledger.settle({ id: 'pb-lost', n: 1, token: 't', factory: 'primary', outcome: failed }),
    ).toMatchObject({
      status: 'missing',
    });
  });

  test('wakes those who wait for the order', async () => {
    const listener = box.redis.duplicate();
    const { promise, resolve } = Promise.withResolvers<string>();
    await listener.subscribe(box.names.settled);
    listener.on('message', (_channel, message) => resolve(message));
    const id = await box.accepted();
    await attempt(id, fulfilled('r'));
    expect(await promise).toBe(id);
    listener.disconnect();
  });
});

describe('a failure counts against the order', () => {
  /** @guarantee G4 */
  test('only when the same factory has baked another order since this one was last tried there', async () => {
    const id = await box.accepted();
    expect(await attempt(id, failed)).toMatchObject({ countedFailures: 0 });
    expect(await attempt(id, failed)).toMatchObject({ countedFailures: 0 });
    await attempt(await box.accepted(), fulfilled('other'), 'fallback');
    expect(await attempt(id, failed)).toMatchObject({ countedFailures: 0 });
    await attempt(await box.accepted(), fulfilled('another'), 'primary');
    expect(await attempt(id, failed)).toMatchObject({ countedFailures: 1 });
    expect(await attempt(id, failed)).toMatchObject({ countedFailures: 1 });
    expect((await box.ledger.find(id))?.attempts.map((each) => each.counted ?? false)).toEqual([
      false,
      false,
      false,
      true,
      false,
    ]);
  });

  test('also when what the factory baked was a canary', async () => {
    const id = await box.accepted();
    await attempt(id, failed);
    box.clock.now += 1;
    await noteCanaryBaked(box, { factory: 'primary', canaryId: 'canary-1', at: box.clock.now });
    expect(await attempt(id, failed)).toMatchObject({ countedFailures: 1, isCounted: true });
  });

  test.for<Outcome['kind']>(['not_sent', 'throttled'])('which %s is none of', async (kind) => {
    const id = await box.accepted();
    await attempt(id, failed);
    await attempt(await box.accepted(), fulfilled('another'));
    const outcome = { kind, detail: '', retryAfterMs: 1 } as Outcome;
    expect(await attempt(id, outcome)).toMatchObject({ countedFailures: 0, isCounted: false });
  });

  test.for<Outcome['kind']>(['failed', 'unknown', 'receipt_mismatch'])(
    'which %s is, and exhausts it',
    async (kind) => {
      const id = await box.accepted();
      await attempt(id, failed);
      await attempt(await box.accepted(), fulfilled('another'));
      const outcome = { kind, detail: '' } as Outcome;
      expect(await attempt(id, outcome)).toMatchObject({ countedFailures: 1, isCounted: true });
    },
  );

  test.for<Outcome['kind']>(['rejected', 'misconfigured'])(
    'which %s is, and is counted by itself: it exhausts nothing',
    async (kind) => {
      const id = await box.accepted();
      const outcome = { kind, detail: '' } as Outcome;
      expect(await attempt(id, outcome)).toMatchObject({ isCounted: false });
      expect(await attempt(id, outcome)).toMatchObject({ isCounted: false });
      await attempt(await box.accepted(), fulfilled('another'));
      expect(await attempt(id, outcome)).toMatchObject({ countedFailures: 0, isCounted: true });
      expect((await box.ledger.find(id))!.attempts.map(({ counted = false }) => counted)).toEqual([
        false,
        false,
        true,
      ]);
    },
  );

  /** So many orders come to the factory for the first time, and end so. */
  async function newOrders(count: number, outcome: (i: number) => Outcome): Promise<void> {
    for (let i = 0; i < count; i += 1) await attempt(await box.accepted(), outcome(i));
  }
  const baked = (i: number): Outcome => fulfilled(`new ${i}`);

  test('only at a factory that fails few of those that are new to it: else it may be the factory all the same', async () => {
    const id = await box.accepted();
    await attempt(id, failed);
    await newOrders(4, () => failed);
    await newOrders(1, baked);
    // 1 - 0.95 ** 5 = 0.23, and 0.21 after one that was baked.
    expect(await attempt(id, failed)).toMatchObject({ isCounted: false });
    await newOrders(2, baked);
    expect(await attempt(id, failed)).toMatchObject({ isCounted: true });
  });

  test('a factory that is known to fail every third order makes a dead letter of none', async () => {
    const id = await box.accepted();
    await attempt(id, failed);
    await newOrders(30, (i) => (i % 3 === 0 ? failed : baked(i)));
    for (let i = 0; i < 10; i += 1) {
      await newOrders(3, (each) => (each === 0 ? failed : fulfilled(`baked ${i} ${each}`)));
      expect(await attempt(id, failed)).toMatchObject({ countedFailures: 0, isCounted: false });
    }
  });

  test('orders that come again say nothing of how many fail that are new', async () => {
    const bad = await box.accepted();
    await newOrders(1, baked);
    for (let i = 0; i < 50; i += 1) await attempt(bad, failed);
    const failing = await box.redis.hget(box.names.factory('primary'), 'failing');
    expect(Number(failing)).toBeCloseTo(0.05);
  });
});

describe('dead letters, replay, discard', () => {
  test('a dead letter has its reason, and a replay gives it a fresh start', async () => {
    const id = await dead();
    expect(await box.ledger.find(id)).toMatchObject({ state: 'dead', reason: 'rejected' });
    box.clock.now += 5_000;
    expect(await box.ledger.replay({ id, deadlineMs: 1_000, by: 'ann', why: 'menu mended' })).toEqual({
      status: 'replayed',
      state: 'queued',
    });
    expect(await box.ledger.find(id)).toMatchObject({
      state: 'queued',
      replays: 1,
      countedFailures: 0,
      deadlineAt: box.clock.now + 1_000,
    });
    expect((await box.ledger.find(id))?.reason).toBeUndefined();
    expect(await box.redis.zcard(box.names.byReason('rejected'))).toBe(0);
    await expectConservation();
  });

  test('of several workers that make a dead letter of an order one is told that it did', async () => {
    const id = await box.accepted();
    const statuses = await Promise.all(
      [1, 2, 3].map(() => box.ledger.deadLetter({ id, state: 'dead', reason: 'expired' })),
    );
    expect(statuses.map(({ status }) => status).toSorted()).toEqual([
      'dead_lettered',
      'unchanged',
      'unchanged',
    ]);
  });

  test('by two admins at the same time moves each order once, and each is told truthfully', async () => {
    const id = await dead();
    const statuses = await Promise.all(
      ['ann', 'bob'].map((by) => box.ledger.replay({ id, deadlineMs: 1_000, by, why: '' })),
    );
    expect(statuses.map((each) => each.status).toSorted()).toEqual(['replayed', 'unchanged']);
    expect(await box.ledger.find(id)).toMatchObject({ replays: 1 });
  });

  test('leaves an audit entry: who, when, what, why', async () => {
    const [replayed, discarded] = [await dead(), await dead()];
    await box.ledger.replay({ id: replayed, deadlineMs: 1, by: 'ann', why: 'mended' });
    await box.ledger.discard({ id: discarded, by: 'bob', why: 'refunded' });
    const entries = await box.redis.xrange(box.names.audit, '-', '+');
    expect(entries.map(([, fields]) => fields)).toEqual([
      ['at', '1000000', 'by', 'ann', 'action', 'replay', 'subject', replayed, 'reason', 'mended'],
      ['at', '1000000', 'by', 'bob', 'action', 'discard', 'subject', discarded, 'reason', 'refunded'],
    ]);
  });

  test('touches no order that is fulfilled or discarded, and a replay none that waits or is baked', async () => {
    const done = await box.accepted();
    await attempt(done, fulfilled('r'));
    const gone = await dead();
    await box.ledger.discard({ id: gone, by: 'ann', why: 'refunded' });
    for (const [id, state] of [
      [done, 'fulfilled'],
      [gone, 'discarded'],
    ] as const) {
      expect(await box.ledger.replay({ id, deadlineMs: 1, by: 'ann', why: '' })).toEqual({
        status: 'unchanged',
        state,
      });
      expect(await box.ledger.discard({ id, by: 'ann', why: '' })).toEqual({ status: 'unchanged', state });
    }
    const waiting = await box.accepted();
    const baking = await box.accepted();
    await box.begin(baking);
    for (const [id, state] of [
      [waiting, 'queued'],
      [baking, 'baking'],
    ] as const) {
      expect(await box.ledger.replay({ id, deadlineMs: 1, by: 'ann', why: '' })).toEqual({
        status: 'unchanged',
        state,
      });
    }
    expect(await box.ledger.replay({ id: 'pb-nobody', deadlineMs: 1, by: 'ann', why: '' })).toEqual({
      status: 'missing',
    });
    await expectConservation();
  });

  test('a receipt for a discarded order is ignored and counted', async () => {
    const id = await box.accepted();
    const begun = await box.begin(id);
    await giveUp(begun);
    await box.ledger.deadLetter({ id, state: 'held', reason: 'unknown_outcome' });
    await box.ledger.discard({ id, by: 'ann', why: 'refunded' });
    expect(await box.ledger.settle({ ...begun, outcome: fulfilled('r') })).toMatchObject({ status: 'late' });
    expect(await box.ledger.find(id)).toMatchObject({ state: 'discarded' });
  });

  test('an order that waits can be discarded, and nobody takes it after that', async () => {
    const id = await box.accepted();
    expect(await box.ledger.discard({ id, by: 'ann', why: 'refunded' })).toEqual({
      status: 'discarded',
      state: 'discarded',
    });
    const input = { id, factory: 'primary', worker: 'w', token: 't', leaseMs: 1_000 } as const;
    expect(await box.ledger.beginAttempt(input)).toEqual({ status: 'settled', state: 'discarded' });
    box.clock.now += 3_600_000;
    expect(await box.ledger.overdueIds(10)).toEqual([]);
    await expectConservation();
  });

  test.each<[Outcome, string]>([
    [failed, 'superseded'],
    [fulfilled('r'), 'late'],
  ])(
    'an order that is being baked can be discarded: %j is told of the attempt, and changes no more',
    async (outcome, status) => {
      const attempted = await box.begin(await box.accepted());
      const { id } = attempted;
      await box.ledger.discard({ id, by: 'ann', why: 'refunded' });
      box.clock.now += 10;
      expect(await box.ledger.settle({ ...attempted, outcome })).toMatchObject({ status });
      expect(await box.ledger.requeue(id)).toBe('discarded');
      expect(await box.ledger.find(id)).toMatchObject({
        state: 'discarded',
        attempts: [{ outcome: outcome.kind, endedAt: box.clock.now }],
      });
      expect((await box.ledger.stats()).counters.lateReceipts).toBe(status === 'late' ? 1 : 0);
      await expectConservation();
    },
  );

  test('an order with an attempt under way becomes no dead letter, and is not put back', async () => {
    const id = await box.accepted();
    await box.begin(id);
    expect(await box.ledger.deadLetter({ id, state: 'dead', reason: 'expired' })).toEqual({
      status: 'unchanged',
      state: 'baking',
    });
    expect(await box.ledger.requeue(id)).toBe('baking');
  });
});

test('overdue are pending orders past their deadline, and no others', async () => {
  const overdue = await box.accepted({ deadlineMs: 1_000 });
  await box.begin(await box.accepted({ deadlineMs: 1_000, id: 'pb-baking' }));
  await attempt(await box.accepted({ deadlineMs: 1_000 }), fulfilled('r'));
  await dead({ deadlineMs: 1_000 });
  const replayed = await dead({ deadlineMs: 1_000 });
  await box.ledger.replay({ id: replayed, deadlineMs: 60_000, by: 'ann', why: '' });
  await box.accepted({ deadlineMs: 60_000 });
  expect(await box.ledger.overdueIds(10)).toEqual([]);
  box.clock.now += 2_000;
  expect((await box.ledger.overdueIds(10)).toSorted()).toEqual(['pb-baking', overdue].toSorted());
});

test('stats tell how long the oldest pending order waits, whether queued or baking', async () => {
  expect((await box.ledger.stats()).oldestPendingAt).toBeUndefined();
  const oldest = await box.accepted();
  await box.begin(oldest);
  box.clock.now += 60_000;
  await box.accepted();
  expect((await box.ledger.stats()).oldestPendingAt).toBe(1_000_000);
});
