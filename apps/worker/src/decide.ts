import type { OutcomeKind, ParkReason } from '@proofbox/contract';

/** So many failures while the factory baked for others, and it is the order's fault. */
export const maxCountedFailures = 5;

export type Decision =
  | { act: 'done' }
  | { act: 'next_factory' }
  | { act: 'park'; state: 'dead' | 'held'; reason: ParkReason };

/** What follows from an attempt's outcome (design, section 5). Pure; `bakeOrder` is the one place that acts on it. */
export function decide(input: {
  outcome: OutcomeKind;
  repeatable: boolean;
  countedFailures: number;
}): Decision {
  switch (input.outcome) {
    case 'fulfilled':
      return { act: 'done' };
    case 'rejected':
      return { act: 'park', state: 'dead', reason: 'rejected' };
    case 'unknown':
      if (!input.repeatable) return { act: 'park', state: 'held', reason: 'unknown_outcome' };
      return unlessExhausted(input.countedFailures);
    case 'failed':
      return unlessExhausted(input.countedFailures);
    case 'not_sent':
    case 'throttled':
    case 'misconfigured':
      return { act: 'next_factory' };
  }
}

function unlessExhausted(countedFailures: number): Decision {
  return countedFailures >= maxCountedFailures
    ? { act: 'park', state: 'dead', reason: 'exhausted' }
    : { act: 'next_factory' };
}
