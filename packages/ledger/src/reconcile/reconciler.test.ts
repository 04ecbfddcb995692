import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createReconciler, isClean, type ReconcileFindings } from './reconciler.ts';
import { openTestLedger, type TestLedger } from '../testing/test-ledger.ts';

const graceMs = 10_000;
const leaseMs = 15_000;

let box: TestLedger;
beforeEach(() => {
  box = openTestLedger();
});
afterEach(() => box[Symbol.asyncDispose]());

function reconciler(changes: { indexSlices?: number } = {}) {
  const { redis, names, queue, clock } = box;
  return createReconciler({
    redis,
    names,
    queue,
    graceMs,
    repeatable: ['primary'],
    now: () => clock.now,
    ...changes,
  });
}

function reconcile(changes: { mend?: boolean } = {}): Promise<ReconcileFindings> {
  return reconciler().reconcileAll({ mend: true, ...changes });
}

/** An order that waits in the queue. */
async function waiting(): Promise<string> {
  const id = await box.accepted();
  await box.queue.add(id);
  return id;
}

/** An order that is being baked for the first time. */
async function baking(factory: 'primary' | 'fallback' = 'primary'): Promise<string> {
  const id = await waiting();
  await box.begin(id, { factory, token: id, leaseMs });
  return id;
}

async function aDeadLetter(): Promise<string> {
  const id = await box.accepted();
  await box.ledger.deadLetter({ id, state: 'dead', reason: 'rejected' });
  return id;
}

/** One order in each state. */
async function oneOfEach(): Promise<void> {
  await waiting();
  await aDeadLetter();
  await box.ledger.deadLetter({ id: await box.accepted(), state: 'held', reason: 'unknown_outcome' });
  await box.ledger.discard({ id: await aDeadLetter(), by: 'test', why: 'a test' });
  const fulfilled = await baking();
  const outcome = { kind: 'fulfilled', receipt: 'e.y.J', status: 200 } as const;
  const attempt = { id: fulfilled, n: 1, token: fulfilled, factory: 'primary' } as const;
  await box.ledger.settle({ ...attempt, outcome });
  await baking();
}

/** @guarantee G7 */
test('a ledger in which every state occurs is clean, and is left as it is', async () => {
  await oneOfEach();
  box.clock.now += graceMs;
  const findings = await reconcile();
  expect(findings).toMatchObject({
    pending: { requeued: [], reclaimed: [], leftToWorker: [] },
    indexes: { misplaced: [], lost: [] },
    jobs: { stray: [], withoutOrder: 0, settled: 1 },
    balance: { accepted: 6, difference: { counters: 0, indexes: 0, drift: 0 }, mendedCounters: 0 },
  });
  expect(isClean(findings)).toBe(true);
});

describe('pending orders without a job', () => {
  test('get it after the grace time since their last change', async () => {
    const orphan = await box.accepted();
    box.clock.now += graceMs - 1;
    expect((await reconcile()).pending.requeued).toEqual([]);
    box.clock.now += 1;
    expect((await reconcile({ mend: false })).pending.requeued).toEqual([orphan]);
    expect(await box.queue.missing([orphan])).toEqual([orphan]);
    expect((await reconcile()).pending.requeued).toEqual([orphan]);
    expect(await box.queue.missing([orphan])).toEqual([]);
  });

  test('a replay gets as long to reach the queue as a new order', async () => {
    const id = await aDeadLetter();
    box.clock.now += 3_600_000;
    await box.ledger.replay({ id, deadlineMs: 60_000, by: 'test', why: 'and then it crashed' });
    expect((await reconcile()).pending.requeued).toEqual([]);
    box.clock.now += graceMs;
    expect((await reconcile()).pending.requeued).toEqual([id]);
  });

  test('that are being called for right now wait until that call must be over', async () => {
    const id = await box.accepted();
    await box.begin(id, { leaseMs: graceMs + 1 });
    box.clock.now += graceMs;
    expect((await reconcile()).pending.requeued).toEqual([]);
    box.clock.now += leaseMs;
    expect((await reconcile()).pending.requeued).toEqual([id]);
  });

  /** @guarantee G1 */
  test('a lost queue is rebuilt, whole', async () => {
    const ids = await Promise.all(Array.from({ length: 1_100 }, () => box.accepted()));
    box.clock.now += graceMs;
    const findings = await reconciler().runIfDue({ leaseMs: 60_000 });
    expect(findings?.pending.requeued.toSorted()).toEqual(ids.toSorted());
    expect(await box.queue.counts()).toMatchObject({ waiting: 1_100 });
  });

  test('a job that stands in no list of the queue is none', async () => {
    const ids = [await waiting(), await waiting()];
    await box.redis.del(box.names.job('wait'));
    expect((await reconcile({ mend: false })).jobs?.stray.toSorted()).toEqual(ids.toSorted());
    const findings = await reconciler().runIfDue({ leaseMs: 60_000 });
    expect(findings?.jobs?.stray.toSorted()).toEqual(ids.toSorted());
    expect(await box.redis.llen(box.names.job('wait'))).toBe(2);
    expect((await reconcile()).jobs?.stray).toEqual([]);
  });
});

describe('jobs that are not needed', () => {
  test('are counted and left to the worker that takes them', async () => {
    await box.queue.add('pb-nobody');
    const id = await waiting();
    await box.ledger.deadLetter({ id, state: 'dead', reason: 'rejected' });
    const findings = await reconcile();
    expect(findings.jobs).toMatchObject({ withoutOrder: 1, settled: 1 });
    expect(isClean(findings)).toBe(true);
    expect(await box.queue.counts()).toMatchObject({ waiting: 2 });
  });
});

describe('an attempt that nobody ends', () => {
  test('is unknown when its lease has run out, and its order waits again', async () => {
    const id = await baking();
    box.clock.now += leaseMs - 1;
    expect((await reconcile()).pending.reclaimed).toEqual([]);
    box.clock.now += 1;
    expect((await reconcile()).pending.reclaimed).toMatchObject([
      { id, attempt: { n: 1, outcome: 'unknown' } },
    ]);
    const order = await box.ledger.find(id);
    expect(order).toMatchObject({ state: 'queued', attempts: [{ outcome: 'unknown' }] });
    expect(isClean(await reconcile())).toBe(true);
  });

  test('stays while a worker has the job', async () => {
    const id = await baking();
    await box.redis.set(box.names.jobLock(id), 'token');
    box.clock.now += leaseMs;
    for (const mend of [false, true]) expect((await reconcile({ mend })).pending.reclaimed).toEqual([]);
    expect(await box.ledger.find(id)).toMatchObject({ state: 'baking' });
  });

  test('stays at a factory that must not be asked twice: the worker that takes the order holds it', async () => {
    const id = await baking('fallback');
    box.clock.now += leaseMs;
    expect((await reconcile()).pending).toMatchObject({ reclaimed: [], leftToWorker: [id] });
    expect((await box.ledger.find(id))?.attempts[0]?.endedAt).toBeUndefined();
  });
});

describe('an order in the wrong place', () => {
  const corruptions: [string, (id: string) => Promise<unknown>][] = [
    ['gone from its state', (id) => box.redis.zrem(box.names.byState('dead'), id)],
    ['in a second state', (id) => box.redis.zadd(box.names.byState('queued'), 1, id)],
    ['gone from its reason', (id) => box.redis.zrem(box.names.byReason('rejected'), id)],
    ['under a second reason', (id) => box.redis.zadd(box.names.byReason('expired'), 1, id)],
    ['gone from its diner', (id) => box.redis.zrem(box.names.byDiner('2'), id)],
    ['gone from the list of all', (id) => box.redis.zrem(box.names.byTime, id)],
    ['waiting for a deadline it has not', (id) => box.redis.zadd(box.names.byDeadline, 1, id)],
  ];
  test.for(corruptions)('%s is found, and stands right afterwards', async ([, corrupt]) => {
    const id = await aDeadLetter();
    await waiting();
    const before = await snapshot();
    await corrupt(id);
    expect((await reconcile({ mend: false })).indexes.misplaced).toMatchObject([{ id }]);
    expect(await snapshot()).not.toEqual(before);
    expect((await reconcile()).indexes.misplaced).toMatchObject([{ id }]);
    expect(await snapshot()).toEqual(before);
    expect(isClean(await reconcile())).toBe(true);
  });

  test('with a deadline that is not its own gets its own', async () => {
    const id = await waiting();
    await box.redis.zadd(box.names.byDeadline, 1, id);
    expect((await reconcile()).indexes.misplaced).toEqual([{ id, kinds: ['deadline'] }]);
    const { deadlineAt } = (await box.ledger.find(id))!;
    expect(await box.redis.zscore(box.names.byDeadline, id)).toBe(String(deadlineAt));
  });

  /** Every sorted set of orders, with its scores. */
  async function snapshot(): Promise<Record<string, string[]>> {
    const keys = (await box.redis.keys(`${box.names.root}:by-*`)).toSorted();
    const sets = await Promise.all(keys.map((key) => box.redis.zrange(key, '0', '-1', 'WITHSCORES')));
    return Object.fromEntries(keys.map((key, i) => [key, sets[i]!]));
  }
});

describe('the balance', () => {
  test('an order whose record is gone is told every time, and is not mended away', async () => {
    const id = await waiting();
    await waiting();
    await box.redis.del(box.names.order(id));
    for (let run = 0; run < 2; run += 1) {
      const findings = await reconcile();
      expect(findings.indexes.lost).toEqual([id]);
      expect(findings.balance.difference.indexes).toBe(1);
      expect(isClean(findings)).toBe(false);
    }
    expect(await box.redis.zscore(box.names.byDeadline, id)).toBeNull();
  });

  test('a counter that is wrong is told, and set right where the indexes account for every order', async () => {
    await oneOfEach();
    await box.redis.hincrby(box.names.counters, 'dead', 2);
    expect((await reconcile({ mend: false })).balance).toMatchObject({
      difference: { counters: -2, indexes: 0, drift: 2 },
      mendedCounters: 0,
    });
    expect((await reconcile()).balance).toMatchObject({ mendedCounters: 1 });
    expect((await reconcile()).balance.difference).toEqual({ counters: 0, indexes: 0, drift: 0 });
  });

  /** @guarantee G7 */
  test('a loss is never mended away: an order of which nothing is left but the counts', async () => {
    await oneOfEach();
    const id = await waiting();
    const { byTime, byState, byDeadline, byDiner, order } = box.names;
    for (const index of [byTime, byState('queued'), byDeadline, byDiner('2')])
      await box.redis.zrem(index, id);
    await box.redis.del(order(id));
    for (let run = 0; run < 2; run += 1)
      expect((await reconcile()).balance).toMatchObject({
        difference: { counters: 0, indexes: 0, drift: 2 },
        mendedCounters: 0,
      });
  });
});

describe('the runs of the fleet', () => {
  test('one process has its turn at a time, and all can know what it found', async () => {
    const [one, other] = [reconciler(), reconciler()];
    expect(await one.lastResult()).toBeUndefined();
    await box.redis.hincrby(box.names.counters, 'accepted', 1);
    expect(await one.runIfDue({ leaseMs: 60_000 })).toBeDefined();
    expect(await other.runIfDue({ leaseMs: 60_000 })).toBeUndefined();
    expect(await other.lastResult()).toEqual({
      at: box.clock.now,
      difference: { counters: 1, indexes: 0, drift: 1 },
    });
  });

  test('piece by piece they come to every order of a ledger too large for one of them', async () => {
    const ids = await Promise.all(Array.from({ length: 600 }, () => box.accepted()));
    await box.queue.addAll(ids);
    const last = (await box.redis.zrange(box.names.byTime, '-1', '-1'))[0]!;
    await box.redis.zrem(box.names.byDiner('2'), last);
    const found: unknown[] = [];
    for (let runs = 0; runs < 6; runs += 1) {
      await box.redis.del(box.names.reconcileLease);
      found.push(...(await reconciler({ indexSlices: 1 }).runIfDue({ leaseMs: 60_000 }))!.indexes.misplaced);
    }
    expect(found).toEqual([{ id: last, kinds: ['diner'] }]);
  });
});
