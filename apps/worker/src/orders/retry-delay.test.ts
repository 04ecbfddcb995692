import type { Attempt } from '@proofbox/contract';
import { RetryBudget } from '@proofbox/factory/rate';
import { expect, test } from 'vitest';
import { retryDelayMs } from './retry-delay.ts';

/** A factory of which this worker knows whether it bakes others, and that has had so many orders before this one. */
function aFactory(name: Attempt['factory'], { isMixed = true, orders = 1 } = {}) {
  const retryBudget = new RetryBudget();
  for (let i = 0; i < orders; i += 1) retryBudget.earn();
  return { name, breaker: { isMixed }, retryBudget };
}

function anAttempt(told: Partial<Attempt> = {}): Attempt {
  return {
    n: 1,
    factory: 'primary',
    worker: 'w',
    startedAt: 1_000,
    endedAt: 1_020,
    outcome: 'failed',
    ...told,
  };
}

/** @returns the longest delay that chance could have given */
function longestDelay(
  factories: ReturnType<typeof aFactory>[],
  round: Attempt[],
  before: Attempt[] = [],
): number {
  const random = () => 0.999_999;
  return Math.round(
    retryDelayMs(
      { factories: factories as never, random },
      { attempts: [...before, ...round] } as never,
      round,
    ),
  );
}

const repeat = 50;
const backOff = 1_000;

test.for<[string, Partial<Attempt>, number]>([
  ['a quick 500 is asked again within the wait of the diner', { status: 500 }, repeat],
  ['a quick 502 as well', { status: 502 }, repeat],
  ['an answer that is no receipt as well', { status: 200 }, repeat],
  ['a refusal as well: the factory bakes others', { outcome: 'rejected', status: 400 }, repeat],
  ['a refusal of us as well', { outcome: 'misconfigured', status: 403 }, repeat],
  ['an error that took a second is no quick one', { status: 500, endedAt: 2_001 }, backOff],
  ['a time-out never is', { outcome: 'unknown' }, backOff],
  ['what was not sent is not', { outcome: 'not_sent' }, backOff],
  ['an overloaded factory is not asked again at once: 503', { status: 503 }, backOff],
  ['nor one that waited for another in vain: 504', { status: 504 }, backOff],
  ['nor one that waited for us in vain: 408', { status: 408 }, backOff],
  ['a receipt of another order is for a person', { outcome: 'receipt_mismatch', status: 200 }, backOff],
])('%s', ([, told, expected]) => {
  expect(longestDelay([aFactory('primary')], [anAttempt(told)])).toBe(expected === backOff ? 999 : expected);
});

test('a factory that bakes none, or all but this one, is not asked again at once', () => {
  expect(longestDelay([aFactory('primary', { isMixed: false })], [anAttempt()])).toBe(999);
});

test('no call without budget: never more than one extra call for each order that is new', () => {
  const factory = aFactory('primary', { orders: 2 });
  expect([1, 2, 3, 4].map(() => longestDelay([factory], [anAttempt()]))).toEqual([repeat, repeat, 999, 999]);
});

test('where the first factory has no budget the other one may', () => {
  const factories = [aFactory('primary', { orders: 0 }), aFactory('fallback')];
  const round = [anAttempt(), anAttempt({ n: 2, factory: 'fallback' })];
  expect(longestDelay(factories, round)).toBe(repeat);
});

test('a factory that was not tried in this round is no reason to repeat', () => {
  expect(longestDelay([aFactory('primary', { isMixed: false }), aFactory('fallback')], [anAttempt()])).toBe(
    999,
  );
});

test.for<[string, { isMixed: boolean }, Partial<Attempt>, number]>([
  ['the factory bakes some', { isMixed: true }, {}, 8_000],
  ['the ledger knows that it baked another one meanwhile', { isMixed: false }, { counted: true }, 8_000],
  ['nobody knows of any that it baked', { isMixed: false }, {}, 60_000],
])('after many rounds, where %s', ([, { isMixed }, told, ceiling]) => {
  const before = Array.from({ length: 10 }, () => anAttempt());
  expect(longestDelay([aFactory('primary', { isMixed, orders: 0 })], [anAttempt(told)], before)).toBe(
    ceiling - 1,
  );
});

test('an attempt right after one that counts says nothing else: the factory bakes others', () => {
  const before = [...Array.from({ length: 10 }, () => anAttempt()), anAttempt({ counted: true })];
  expect(longestDelay([aFactory('primary', { isMixed: false })], [anAttempt()], before)).toBe(7_999);
});
