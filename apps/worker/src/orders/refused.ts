import { factoryNames, type Attempt, type OrderRecord, type OutcomeKind } from '@proofbox/contract';

/** So often a factory has to refuse an order after it has baked another one, and few others of late were in vain. */
const refusalsToDieOf = 2;

/** The factory says that the order is wrong, or that we are: of one order alone that is the order's trouble, too. */
export function isRefusal(outcome: OutcomeKind | undefined): boolean {
  return outcome === 'rejected' || outcome === 'misconfigured';
}

/**
 * Whether an order is wrong and not the factories. A refusal is a claim that needs a witness: each factory that refuses
 * the order has baked others meanwhile.
 */
export function isRefusedForGood({
  attempts,
  replayedAt = 0,
}: Pick<OrderRecord, 'attempts' | 'replayedAt'>): boolean {
  const own = attempts.filter(({ startedAt }) => startedAt >= replayedAt);
  const byFactory = factoryNames.map((name) => own.filter(({ factory }) => factory === name));
  const refusing = byFactory.filter((each) => isRefusal(lastAnswer(each)?.outcome));
  return refusing.length > 0 && refusing.every((each) => countedRefusals(each) >= refusalsToDieOf);
}

/** The last attempt that says something about the order. */
function lastAnswer(attempts: readonly Attempt[]): Attempt | undefined {
  return attempts.findLast(
    ({ outcome }) => outcome !== undefined && outcome !== 'throttled' && outcome !== 'not_sent',
  );
}

function countedRefusals(attempts: readonly Attempt[]): number {
  return attempts.filter(({ outcome, counted }) => counted && isRefusal(outcome)).length;
}
