import type { Outcome } from '@proofbox/contract';
import type { Settled } from '@proofbox/ledger';
import { expect, test } from 'vitest';
import type { Called } from '../factory/call-factory.ts';
import { createOutcomeKeeper } from './outcome-keeper.ts';

const fulfilled: Outcome = { kind: 'fulfilled', receipt: 'a.b.c', status: 200 };
const unchecked: Outcome = { kind: 'unknown', status: 200, detail: 'the jwt could not be checked: 503' };

/** One that waits for nothing, before a ledger that refuses to write so often. */
function aKeeper({
  refusals = 0,
  waits = async () => {},
}: { refusals?: number; waits?: () => Promise<void> } = {}) {
  let left = refusals;
  const settled: Outcome[] = [];
  const givenUp: string[] = [];
  const leases: number[] = [];
  const attemptsInHand = new Set<string>();
  const keeper = createOutcomeKeeper({
    ledger: {
      async settle({ outcome }): Promise<Settled> {
        left -= 1;
        if (left >= 0) throw new Error('OOM command not allowed');
        settled.push(outcome);
        return { status: 'fulfilled', countedFailures: 0, isCounted: false };
      },
      async keepAttempt(_attempt, leaseMs) {
        leases.push(leaseMs);
        return true;
      },
    },
    attemptsInHand,
    onGivenUp: (orderIds) => void givenUp.push(...orderIds),
    onError: () => {},
    sleep: waits,
  });
  const keep = (called: Called, n = 1): boolean =>
    keeper.keep({
      attempt: { id: `pb-${n}`, n, token: 't', factory: 'primary' },
      called,
      onSettled: () => {},
    });
  return { keeper, keep, settled, givenUp, leases, attemptsInHand };
}

/** A receipt whose keys cannot be had so often. */
function receiptAfter(checks: number): Called {
  if (checks === 0) return { outcome: fulfilled };
  return { outcome: unchecked, checkAgain: async () => receiptAfter(checks - 1) };
}

const forEver: Called = { outcome: unchecked, checkAgain: async () => forEver };
const never = (): Promise<void> => new Promise(() => {});

test('a receipt is written down once Redis takes it, and its attempt is kept until then', async () => {
  const { keep, settled, leases, attemptsInHand } = aKeeper({ refusals: 7 });
  expect(keep({ outcome: fulfilled })).toBe(true);
  expect([...attemptsInHand]).toEqual(['pb-1 1']);
  await expect.poll(() => settled, { interval: 1 }).toEqual([fulfilled]);
  expect(leases).toEqual(Array.from({ length: 8 }, () => 30_000));
  await expect.poll(() => attemptsInHand.size, { interval: 1 }).toBe(0);
});

test('a receipt that cannot be checked is checked again, and is no unknown outcome meanwhile', async () => {
  const { keep, settled, givenUp } = aKeeper();
  keep(receiptAfter(5));
  await expect.poll(() => settled, { interval: 1 }).toEqual([fulfilled]);
  expect(givenUp).toEqual([]);
});

test('no more are kept than there is room for', () => {
  const { keep } = aKeeper({ waits: never });
  const kept = Array.from({ length: 201 }, (_each, n) => keep({ outcome: fulfilled }, n));
  expect(kept).toEqual([...Array.from({ length: 200 }, () => true), false]);
});

/** Waits until the worker has to go. */
const untilStop = (_ms: number, { signal }: { signal: AbortSignal }): Promise<void> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve());
  });

test.for<[string, Called, number, Outcome[], string[]]>([
  ['is written down at last', { outcome: fulfilled }, 0, [fulfilled], []],
  ['is told of where Redis refuses it', { outcome: fulfilled }, 9, [], ['pb-1']],
  ['is told of where it cannot be checked', forEver, 0, [unchecked], ['pb-1']],
])('what a worker has that must go %s', async ([, called, refusals, written, told]) => {
  const { keeper, keep, settled, givenUp } = aKeeper({ refusals, waits: untilStop as () => Promise<void> });
  keep(called);
  await keeper[Symbol.asyncDispose]();
  expect(settled).toEqual(written);
  expect(givenUp).toEqual(told);
  expect(keep({ outcome: fulfilled })).toBe(false);
});
