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
  disk = 'works',
}: { refusals?: number; waits?: () => Promise<void>; disk?: 'works' | 'fails' } = {}) {
  const onDisk: string[] = [];
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
    keepOnDisk(receipts) {
      if (disk === 'fails') throw new Error('disk I/O error');
      onDisk.push(...receipts.map(({ attempt }) => attempt.id));
    },
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
  return { keeper, keep, settled, givenUp, onDisk, leases, attemptsInHand };
}

/** A receipt whose keys cannot be had so often. */
function receiptAfter(checks: number): Called {
  if (checks === 0) return { outcome: fulfilled };
  return { outcome: unchecked, checkAgain: async () => receiptAfter(checks - 1) };
}

const forEver: Called = { outcome: unchecked, checkAgain: async () => forEver };
const never = (): Promise<void> => new Promise(() => {});

/** @guarantee G10 */
test('a receipt is written down once Redis takes it, and its attempt is kept until then', async () => {
  const { keep, settled, leases, attemptsInHand } = aKeeper({ refusals: 7 });
  expect(keep({ outcome: fulfilled })).toBe(true);
  expect([...attemptsInHand]).toEqual(['pb-1 1']);
  await expect.poll(() => settled, { interval: 1 }).toEqual([fulfilled]);
  expect(leases).toEqual(Array.from({ length: 8 }, () => 30_000));
  await expect.poll(() => attemptsInHand.size, { interval: 1 }).toBe(0);
});

/** @guarantee G10 */
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

const unsettled: Outcome = { kind: 'failed', status: 500, detail: 'Internal Server Error' };
const checked: Called = { outcome: unchecked, checkAgain: async () => ({ outcome: fulfilled }) };

type Left = { settled: Outcome[]; onDisk: string[]; givenUp: string[] };
const nothing: Left = { settled: [], onDisk: [], givenUp: [] };

test.for<[string, Called, { refusals?: number; disk?: 'works' | 'fails' }, Left]>([
  ['is written down at last', { outcome: fulfilled }, {}, { ...nothing, settled: [fulfilled] }],
  [
    'waits on the disk where Redis refuses it',
    { outcome: fulfilled },
    { refusals: 9 },
    { ...nothing, onDisk: ['pb-1'] },
  ],
  ['is checked before it goes to the disk', checked, { refusals: 9 }, { ...nothing, onDisk: ['pb-1'] }],
  [
    'is reported where the disk refuses it, too',
    { outcome: fulfilled },
    { refusals: 9, disk: 'fails' },
    { ...nothing, givenUp: ['pb-1'] },
  ],
  [
    'is reported where it is no receipt',
    { outcome: unsettled },
    { refusals: 9 },
    { ...nothing, givenUp: ['pb-1'] },
  ],
  [
    'is reported where it cannot be checked',
    forEver,
    {},
    { ...nothing, settled: [unchecked], givenUp: ['pb-1'] },
  ],
])('what a worker has that must go %s', async ([, called, options, expected]) => {
  const waits = untilStop as () => Promise<void>;
  const { keeper, keep, settled, onDisk, givenUp } = aKeeper({ ...options, waits });
  keep(called);
  await keeper[Symbol.asyncDispose]();
  expect({ settled, onDisk, givenUp }).toEqual(expected);
  expect(keep({ outcome: fulfilled })).toBe(false);
});

test('a receipt that Redis does not take in time before the worker goes waits on the disk', async () => {
  const { keeper, keep, onDisk, givenUp } = aKeeper({ waits: never });
  keep({ outcome: fulfilled });
  await keeper[Symbol.asyncDispose]();
  expect([onDisk, givenUp]).toEqual([['pb-1'], []]);
});
