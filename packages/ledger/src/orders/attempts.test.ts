import type { Outcome } from '@proofbox/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { joinFleet } from '../fleet/fleet.ts';
import type { AttemptKey } from './ledger.ts';
import { openTestLedger, type TestLedger } from '../testing/test-ledger.ts';

let box: TestLedger;
beforeEach(() => {
  box = openTestLedger();
});
afterEach(() => box[Symbol.asyncDispose]());

const leaseMs = 10_000;
const longestLeaseMs = 150_000;
const failed: Outcome = { kind: 'failed', status: 500, detail: 'chaos monkey' };
const fulfilled: Outcome = { kind: 'fulfilled', status: 200, receipt: 'r' };

/** Another worker that would take the order. */
function other(id: string) {
  return box.ledger.beginAttempt({ id, factory: 'fallback', worker: 'other', token: 'other', leaseMs });
}

function reclaim({ id, n }: AttemptKey, worker = 'other') {
  return box.ledger.reclaim({ id, n, worker });
}

describe('the lease of an attempt', () => {
  test('keeps the order from others to its last millisecond, and is worth so long a wait', async () => {
    const attempt = await box.begin(await box.accepted(), { leaseMs });
    box.clock.now += leaseMs - 1;
    expect(await other(attempt.id)).toEqual({ status: 'busy', againInMs: 1 });
    expect(await reclaim(attempt)).toEqual({ status: 'busy', againInMs: 1 });
    box.clock.now += 1;
    expect(await reclaim(attempt)).toMatchObject({ status: 'reclaimed', attempt: { outcome: 'unknown' } });
    expect(await other(attempt.id)).toMatchObject({ status: 'begun', attempt: { n: 2 } });
  });

  test('that has run out lets nobody begin before somebody has said that the outcome is unknown', async () => {
    const attempt = await box.begin(await box.accepted(), { leaseMs });
    box.clock.now += leaseMs;
    expect(await other(attempt.id)).toEqual({ status: 'busy', againInMs: 0 });
  });

  test('is renewed by whoever has the attempt, and by nobody else', async () => {
    const attempt = await box.begin(await box.accepted(), { leaseMs });
    box.clock.now += leaseMs - 1;
    expect(await box.ledger.keepAttempt({ ...attempt, token: 'other' }, leaseMs)).toBe(false);
    expect(await box.ledger.keepAttempt(attempt, leaseMs)).toBe(true);
    expect(await other(attempt.id)).toEqual({ status: 'busy', againInMs: leaseMs });
    box.clock.now += leaseMs;
    await reclaim(attempt);
    expect(await box.ledger.keepAttempt(attempt, leaseMs)).toBe(false);
  });

  test('is never longer than 150 s at a time, and a short renewal does not shorten it', async () => {
    const attempt = await box.begin(await box.accepted(), { leaseMs: 3_600_000 });
    expect(await other(attempt.id)).toEqual({ status: 'busy', againInMs: longestLeaseMs });
    box.clock.now += 50_000;
    await box.ledger.keepAttempt(attempt, 1);
    expect(await other(attempt.id)).toEqual({ status: 'busy', againInMs: longestLeaseMs - 50_000 });
    await box.ledger.keepAttempt(attempt, 3_600_000);
    expect(await other(attempt.id)).toEqual({ status: 'busy', againInMs: longestLeaseMs });
  });

  test('that was written while the clock was a day ahead does not hold the order for a day', async () => {
    box.clock.now += 86_400_000;
    const attempt = await box.begin(await box.accepted(), { leaseMs });
    box.clock.now -= 86_400_000;
    expect(await other(attempt.id)).toEqual({ status: 'busy', againInMs: longestLeaseMs });
    box.clock.now += longestLeaseMs;
    expect(await reclaim(attempt)).toMatchObject({ status: 'reclaimed' });
  });

  test('is followed by the heartbeat of its worker, for 150 s at the most', async () => {
    const attempt = await box.begin(await box.accepted(), { leaseMs });
    await using fleet = joinFleet({ ...box, worker: 'w' });
    await fleet.beat();
    box.clock.now += leaseMs + longestLeaseMs - 1;
    expect(await reclaim(attempt)).toEqual({ status: 'busy', againInMs: 1_000 });
    box.clock.now += 1;
    expect(await reclaim(attempt)).toMatchObject({ status: 'reclaimed' });
  });

  test('is of no interest to the worker that began the attempt and has it in hand no more', async () => {
    const attempt = await box.begin(await box.accepted(), { leaseMs });
    expect(await reclaim(attempt, 'w')).toMatchObject({ status: 'reclaimed' });
  });

  test('ends with the attempt', async () => {
    const attempt = await box.begin(await box.accepted(), { leaseMs });
    await box.ledger.settle({ ...attempt, outcome: failed });
    expect(await reclaim(attempt)).toEqual({ status: 'ended' });
    expect(await other(attempt.id)).toMatchObject({ status: 'begun' });
  });
});

describe('an outcome', () => {
  test('of an attempt that another has followed is told of that attempt only', async () => {
    const first = await box.begin(await box.accepted());
    await reclaim(first, 'w');
    const second = await box.begin(first.id);
    box.clock.now += 7;
    await box.ledger.settle({ ...first, outcome: failed });
    expect((await box.ledger.find(first.id))!.attempts).toEqual([
      expect.objectContaining({ n: 1, outcome: 'failed', endedAt: box.clock.now }),
      { n: 2, factory: 'primary', worker: 'w', startedAt: box.clock.now - 7 },
    ]);
    expect(await box.ledger.settle({ ...second, outcome: failed })).toMatchObject({ status: 'pending' });
  });

  test('that names an attempt by another token is of none that is known', async () => {
    const attempt = await box.begin(await box.accepted());
    const stale = { ...attempt, token: 'of a Redis that was lost' };
    expect(await box.ledger.settle({ ...stale, outcome: failed })).toMatchObject({ status: 'superseded' });
    expect((await box.ledger.find(attempt.id))!.attempts[0]!.outcome).toBeUndefined();
  });

  test('with a receipt counts also where Redis came back without its attempt', async () => {
    const id = await box.accepted();
    const lost: AttemptKey = { id, n: 3, token: 't', factory: 'fallback' };
    for (let times = 0; times < 2; times += 1)
      expect(await box.ledger.settle({ ...lost, outcome: fulfilled })).toMatchObject({
        status: 'fulfilled',
      });
    expect(await box.ledger.find(id)).toMatchObject({
      state: 'fulfilled',
      factory: 'fallback',
      attempts: [{ n: 1, factory: 'fallback', outcome: 'fulfilled' }],
    });
  });

  test('told twice, as when its reply was lost, has the same answer and counts once', async () => {
    const { id } = await box.begin(await box.accepted(), { token: 'first' });
    await box.ledger.settle({ id, n: 1, token: 'first', factory: 'primary', outcome: failed });
    const baked = await box.begin(await box.accepted());
    box.clock.now += 1;
    await box.ledger.settle({ ...baked, outcome: fulfilled });
    const attempt = await box.begin(id);
    for (let times = 0; times < 2; times += 1) {
      const settled = await box.ledger.settle({ ...attempt, outcome: failed });
      expect(settled).toEqual({ status: 'pending', countedFailures: 1, isCounted: true });
    }
    const late: Outcome = { kind: 'fulfilled', receipt: 'another' };
    const again = await box.begin(id);
    await box.ledger.settle({ ...again, outcome: { kind: 'fulfilled', receipt: 'the first' } });
    for (let times = 0; times < 2; times += 1)
      expect(await box.ledger.settle({ ...attempt, outcome: late })).toMatchObject({ status: 'late' });
    expect((await box.ledger.stats()).counters.lateReceipts).toBe(1);
  });
});

test('a failure that is told after its attempt was given up counts as it did then, not once more', async () => {
  const first = await box.begin(await box.accepted());
  await box.ledger.settle({ ...first, outcome: failed });
  const baked = await box.begin(await box.accepted());
  box.clock.now += 1;
  await box.ledger.settle({ ...baked, outcome: fulfilled });
  const givenUp = await box.begin(first.id);
  await reclaim(givenUp, 'w');
  await box.ledger.settle({ ...givenUp, outcome: failed });
  expect(await box.ledger.find(first.id)).toMatchObject({
    countedFailures: 1,
    attempts: [{ outcome: 'failed' }, { outcome: 'failed', counted: true }],
  });
});

describe('an order that waits for its time', () => {
  async function requeued(delayMs: number): Promise<string> {
    const attempt = await box.begin(await box.accepted());
    await box.ledger.settle({ ...attempt, outcome: failed });
    await box.ledger.requeue(attempt.id, delayMs);
    return attempt.id;
  }

  test('is not taken by a worker whose clock is ahead', async () => {
    const id = await requeued(30_000);
    expect(await other(id)).toEqual({ status: 'busy', againInMs: 30_000 });
    box.clock.now += 28_000;
    expect(await other(id)).toMatchObject({ status: 'begun' });
  });

  test('waits no longer than it was to, also when the clock is set back by a day', async () => {
    const id = await requeued(30_000);
    box.clock.now -= 86_400_000;
    expect(await other(id)).toEqual({ status: 'busy', againInMs: 30_000 });
    box.clock.now += 30_000;
    expect(await other(id)).toMatchObject({ status: 'begun' });
  });

  test('and is replayed is due at once', async () => {
    const id = await requeued(30_000);
    await box.ledger.deadLetter({ id, state: 'dead', reason: 'rejected' });
    await box.ledger.replay({ id, deadlineMs: 60_000, by: 'ann', why: 'a test' });
    expect(await other(id)).toMatchObject({ status: 'begun' });
  });
});
