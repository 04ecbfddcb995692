import { outcomeKinds, type Attempt, type OutcomeKind } from '@proofbox/contract';
import { expect, test } from 'vitest';
import { failuresAt, isBlamedAt } from './failures-at.ts';

function anAttempt(outcome: OutcomeKind | undefined, factory: Attempt['factory'] = 'primary'): Attempt {
  return { n: 1, factory, worker: 'w', startedAt: 1, outcome };
}

const isFailure: Record<OutcomeKind, boolean> = {
  not_sent: true,
  failed: true,
  unknown: true,
  rejected: true,
  misconfigured: true,
  fulfilled: false,
  receipt_mismatch: false,
  throttled: false,
};

test.for([...outcomeKinds])('what %s says of an order when it comes again', (outcome) => {
  expect(failuresAt({ attempts: [anAttempt(outcome)] }, 'primary')).toBe(isFailure[outcome] ? 1 : 0);
});

test('an attempt that is still under way says nothing', () => {
  expect(failuresAt({ attempts: [anAttempt(undefined)] }, 'primary')).toBe(0);
});

test('each factory has its own word on an order', () => {
  const attempts = [anAttempt('failed'), anAttempt('rejected'), anAttempt('failed', 'fallback')];
  expect([failuresAt({ attempts }, 'primary'), failuresAt({ attempts }, 'fallback')]).toEqual([2, 1]);
});

test('an order is blamed where one of its failures counted against it, and nowhere else', () => {
  const attempts = [
    { ...anAttempt('failed'), counted: true },
    anAttempt('failed'),
    anAttempt('failed', 'fallback'),
  ];
  expect([isBlamedAt({ attempts }, 'primary'), isBlamedAt({ attempts }, 'fallback')]).toEqual([true, false]);
});
