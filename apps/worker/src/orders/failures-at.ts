import type { FactoryName, OrderRecord, OutcomeKind } from '@proofbox/contract';

/** How often a factory failed with this order, in all its life: an order that failed there says less of the factory. */
export function failuresAt({ attempts }: Pick<OrderRecord, 'attempts'>, factory: FactoryName): number {
  return attempts.filter((each) => each.factory === factory && each.outcome && isFailure(each.outcome))
    .length;
}

/** Whether the factory is known to have baked others while it failed with this one, since it was last replayed. */
export function isBlamedAt(
  { attempts, replayedAt = 0 }: Pick<OrderRecord, 'attempts' | 'replayedAt'>,
  factory: FactoryName,
): boolean {
  return attempts.some((each) => each.factory === factory && each.counted && each.startedAt >= replayedAt);
}

function isFailure(outcome: OutcomeKind): boolean {
  switch (outcome) {
    case 'not_sent':
    case 'failed':
    case 'unknown':
    case 'rejected':
    case 'misconfigured':
      return true;
    case 'fulfilled':
    case 'receipt_mismatch':
    case 'throttled':
      return false;
  }
}
