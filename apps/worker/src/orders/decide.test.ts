import type { Outcome } from '@proofbox/contract';
import { expect, test } from 'vitest';
import { decide, maxCountedFailures, type Decision } from './decide.ts';

const exhausted: Decision = { act: 'dead_letter', state: 'dead', reason: 'exhausted' };
const held: Decision = { act: 'dead_letter', state: 'held', reason: 'unknown_outcome' };
const next: Decision = { act: 'next_factory' };
const told = { detail: '' };

test.for<[string, Outcome, { repeatable: boolean; countedFailures: number }, Decision]>([
  [
    'a receipt ends it',
    { kind: 'fulfilled', receipt: 'r' },
    { repeatable: true, countedFailures: 9 },
    { act: 'done' },
  ],
  [
    'a refusal of the order is a claim that the next factory may bear witness to',
    { kind: 'rejected', ...told },
    { repeatable: true, countedFailures: 5 },
    next,
  ],
  [
    'a failure goes to the next factory',
    { kind: 'failed', ...told },
    { repeatable: false, countedFailures: 4 },
    next,
  ],
  [
    'the fifth failure with evidence exhausts it',
    { kind: 'failed', ...told },
    { repeatable: true, countedFailures: maxCountedFailures },
    exhausted,
  ],
  [
    'an unknown outcome is repeated where that is safe',
    { kind: 'unknown', ...told },
    { repeatable: true, countedFailures: 0 },
    next,
  ],
  [
    'an unknown outcome exhausts as a failure does',
    { kind: 'unknown', ...told },
    { repeatable: true, countedFailures: 5 },
    exhausted,
  ],
  [
    'an unknown outcome is held where a repeat is not safe',
    { kind: 'unknown', ...told },
    { repeatable: false, countedFailures: 5 },
    held,
  ],
  ...[200, 408, 504].map(
    (status): [string, Outcome, { repeatable: boolean; countedFailures: number }, Decision] => [
      `a failure with ${status} may have been baked, and is held where a repeat is not safe`,
      { kind: 'failed', status, ...told },
      { repeatable: false, countedFailures: 0 },
      held,
    ],
  ),
  [
    'a failure with 504 goes to the next factory where a repeat is safe',
    { kind: 'failed', status: 504, ...told },
    { repeatable: true, countedFailures: 0 },
    next,
  ],
  [
    'a receipt that says something else is asked for again where that is safe',
    { kind: 'receipt_mismatch', ...told },
    { repeatable: true, countedFailures: 0 },
    next,
  ],
  [
    'a receipt that says something else exhausts as a failure does',
    { kind: 'receipt_mismatch', ...told },
    { repeatable: true, countedFailures: 5 },
    exhausted,
  ],
  [
    'an order whose receipt says something else is held where a repeat is not safe',
    { kind: 'receipt_mismatch', ...told },
    { repeatable: false, countedFailures: 0 },
    held,
  ],
  [
    'what was not sent goes to the next factory, also where a repeat is not safe',
    { kind: 'not_sent', ...told },
    { repeatable: false, countedFailures: 5 },
    next,
  ],
  [
    'a busy factory never exhausts an order',
    { kind: 'throttled', retryAfterMs: 1, ...told },
    { repeatable: true, countedFailures: 5 },
    next,
  ],
  [
    'a refusal of us does not either: the end of the round tells',
    { kind: 'misconfigured', ...told },
    { repeatable: true, countedFailures: 5 },
    next,
  ],
])('%s', ([, outcome, facts, decision]) => {
  expect(decide({ outcome: outcome.kind, status: outcome.status, ...facts })).toEqual(decision);
});
