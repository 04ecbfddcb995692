import type { Attempt, FactoryName, OutcomeKind } from '@proofbox/contract';
import { expect, test } from 'vitest';
import { isRefusal, isRefusedForGood } from './refused.ts';

type Told = [FactoryName, OutcomeKind, 'counted'?];

function attempts(...told: Told[]): Attempt[] {
  return told.map(([factory, outcome, counted], i) => ({
    n: i + 1,
    factory,
    worker: 'w',
    startedAt: 1_000 * (i + 1),
    endedAt: 1_000 * (i + 1) + 20,
    outcome,
    ...(counted && { counted: true }),
  }));
}

const refusals: [what: string, told: Told[], forGood: boolean][] = [
  ['of an order that was never tried', [], false],
  ['of one that failed only', [['primary', 'failed', 'counted']], false],
  [
    'that nobody bears witness to, however often',
    Array.from({ length: 50 }, () => ['primary', 'rejected']),
    false,
  ],
  [
    'after the factory baked another one, once',
    [
      ['primary', 'rejected'],
      ['primary', 'rejected', 'counted'],
    ],
    false,
  ],
  [
    'after the factory baked another one, twice',
    [
      ['primary', 'rejected'],
      ['primary', 'rejected', 'counted'],
      ['primary', 'rejected', 'counted'],
    ],
    true,
  ],
  [
    'with 403 or 404 alone, twice while others are baked',
    [
      ['primary', 'misconfigured', 'counted'],
      ['primary', 'misconfigured', 'counted'],
    ],
    true,
  ],
  [
    'first as one thing and then as another',
    [
      ['primary', 'rejected', 'counted'],
      ['primary', 'misconfigured', 'counted'],
    ],
    true,
  ],
  [
    'by one factory for good, while the other has only begun to refuse it',
    [
      ['primary', 'rejected', 'counted'],
      ['primary', 'rejected', 'counted'],
      ['fallback', 'rejected'],
      ['fallback', 'rejected', 'counted'],
    ],
    false,
  ],
  [
    'by both for good',
    [
      ['primary', 'rejected', 'counted'],
      ['fallback', 'rejected', 'counted'],
      ['primary', 'rejected', 'counted'],
      ['fallback', 'misconfigured', 'counted'],
    ],
    true,
  ],
  [
    'by one for good, while the other fails it: that one refuses nothing',
    [
      ['primary', 'rejected', 'counted'],
      ['fallback', 'failed'],
      ['primary', 'rejected', 'counted'],
      ['fallback', 'failed'],
    ],
    true,
  ],
  [
    'by a factory that then failed in another way: it does not say so any more',
    [
      ['primary', 'rejected', 'counted'],
      ['primary', 'rejected', 'counted'],
      ['primary', 'failed'],
    ],
    false,
  ],
  [
    'by a factory that is busy by now: what it said stands',
    [
      ['primary', 'rejected', 'counted'],
      ['primary', 'rejected', 'counted'],
      ['primary', 'throttled'],
    ],
    true,
  ],
  [
    'by a factory that cannot be reached by now: what it said stands',
    [
      ['primary', 'rejected', 'counted'],
      ['primary', 'rejected', 'counted'],
      ['primary', 'not_sent'],
    ],
    true,
  ],
];

test.for(refusals.map(([what, told, forGood]) => ({ what, told, forGood })))(
  'a refusal $what: for good is $forGood',
  ({ told, forGood }) => {
    expect(isRefusedForGood({ attempts: attempts(...told) })).toBe(forGood);
  },
);

test('a replay wipes the slate', () => {
  const refused = attempts(['primary', 'rejected', 'counted'], ['primary', 'rejected', 'counted']);
  expect(isRefusedForGood({ attempts: refused, replayedAt: 2_000 })).toBe(false);
  expect(isRefusedForGood({ attempts: refused, replayedAt: 1_000 })).toBe(true);
});

test.for<[OutcomeKind | undefined, boolean]>([
  ['rejected', true],
  ['misconfigured', true],
  ['failed', false],
  ['unknown', false],
  [undefined, false],
])('%s is a refusal: %s', ([outcome, expected]) => {
  expect(isRefusal(outcome)).toBe(expected);
});
