import type { OutcomeKind, DeadLetterReason } from '@proofbox/contract';

/** So many failures while the factory baked for others, and it is the order's fault. */
export const maxCountedFailures = 5;

export type Decision =
  | { act: 'done' }
  | { act: 'next_factory' }
  | { act: 'dead_letter'; state: 'dead' | 'held'; reason: DeadLetterReason };

/** What follows from an attempt's outcome (ARCHITECTURE.md, "Outcomes"). Pure; `bakeOrder` is the one place that acts on it. */
export function decide(input: {
  outcome: OutcomeKind;
  /** HTTP status of the reply, if there was one. */
  status?: number | undefined;
  repeatable: boolean;
  countedFailures: number;
}): Decision {
  switch (input.outcome) {
    case 'fulfilled':
      return { act: 'done' };
    case 'unknown':
    case 'receipt_mismatch':
      if (!input.repeatable) return { act: 'dead_letter', state: 'held', reason: 'unknown_outcome' };
      return unlessExhausted(input.countedFailures);
    case 'failed':
      if (!input.repeatable && mayHaveBaked(input.status)) {
        return { act: 'dead_letter', state: 'held', reason: 'unknown_outcome' };
      }
      return unlessExhausted(input.countedFailures);
    case 'rejected':
    case 'misconfigured':
      // The end of the round shows whether it is the order or the factory (refused.ts).
      return { act: 'next_factory' };
    case 'not_sent':
    case 'throttled':
      return { act: 'next_factory' };
  }
}

/** A success without a receipt we can use, or a gateway that gave up waiting: a pizza may lie there all the same. */
function mayHaveBaked(status: number | undefined): boolean {
  return status !== undefined && (status < 300 || status === 408 || status === 504);
}

function unlessExhausted(countedFailures: number): Decision {
  return countedFailures >= maxCountedFailures
    ? { act: 'dead_letter', state: 'dead', reason: 'exhausted' }
    : { act: 'next_factory' };
}
