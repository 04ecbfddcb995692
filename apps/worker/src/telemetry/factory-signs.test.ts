import { outcomeKinds, type FactoryCondition, type OutcomeKind } from '@proofbox/contract';
import { expect, test } from 'vitest';
import { isUp, signOfOutcome, signOfCondition, type FactorySigns } from './factory-signs.ts';

const now = 1_000_000;
const ago = (seconds: number): number => now - seconds * 1_000;
const good = (seconds: number) => ({ good: true, at: ago(seconds) });
const bad = (seconds: number) => ({ good: false, at: ago(seconds) });

test.for<[string, FactorySigns, boolean]>([
  ['nothing was heard: it is trusted', {}, true],
  ['its health page answers', { page: good(1) }, true],
  ['its health page is down, and there were no orders', { page: bad(1) }, false],
  ['an order was baked', { order: good(3_600) }, true],
  ['an order failed', { order: bad(3_600) }, false],
  ['orders fail while its health page answers', { order: bad(10), page: good(0) }, false],
  [
    'orders failed long ago, and its health page answers ever since',
    { order: bad(3_600), page: good(0) },
    false,
  ],
  ['an order was baked just now while its health page is down', { order: good(10), page: bad(0) }, true],
  ['an order was baked after its health page was down', { order: good(60), page: bad(61) }, true],
  [
    'the last order was baked long ago, and its health page is down',
    { order: good(60), page: bad(0) },
    false,
  ],
  [
    'the last order was baked long ago, and its health page answers',
    { order: good(60), page: good(0) },
    true,
  ],
])('%s: up is %s', ([, signs, up]) => {
  expect(isUp(signs, now)).toBe(up);
});

const signs: Record<OutcomeKind, boolean | undefined> = {
  fulfilled: true,
  not_sent: false,
  failed: false,
  unknown: false,
  misconfigured: false,
  throttled: undefined,
  rejected: undefined,
  receipt_mismatch: undefined,
};

test.for([...outcomeKinds])('what %s says of a factory', (outcome) => {
  expect(signOfOutcome(outcome)).toBe(signs[outcome]);
});

test.for<[FactoryCondition | undefined, FactoryCondition, boolean | undefined]>([
  [undefined, 'closed', undefined],
  [undefined, 'open', false],
  [undefined, 'half_open', false],
  [undefined, 'out_of_service', false],
  ['closed', 'open', false],
  ['half_open', 'open', false],
  ['closed', 'out_of_service', false],
  ['open', 'half_open', undefined],
  ['half_open', 'closed', true],
  ['open', 'closed', true],
  ['out_of_service', 'closed', true],
  ['closed', 'forced_open', undefined],
  ['forced_open', 'closed', undefined],
  ['closed', 'forced_closed', undefined],
])('a breaker that goes from %s to %s says %s', ([from, to, sign]) => {
  expect(signOfCondition(from, to)).toBe(sign);
});
