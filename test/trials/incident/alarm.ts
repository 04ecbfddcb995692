import { breakerStatesIn } from '../../support/breaker-states.ts';
import type { Sample } from '../../support/metrics.ts';
import type { SynchronousPurchase } from '../../support/synchronous-client.ts';

/** On that day the factory failed from 18:50 on, and the alert was there at 18:58. */
export const oldAlertMinutes = 8;

export const alarmsInWords = `For Proofbox, the first alarm is a reading of the worker's /metrics by which the primary's breaker is not closed,
or more of its calls have failed than by the reading before. For the shop as it was, it is the alert of that day:
nothing but failures for ${oldAlertMinutes} minutes.`;

/** Does this reading of a worker's metrics say that the primary is failing? @param before the reading before this one */
export function isPrimaryFailing(now: readonly Sample[], before: readonly Sample[]): boolean {
  const { primary = 'closed' } = breakerStatesIn(now);
  return primary !== 'closed' || failedCalls(now) > failedCalls(before);
}

function failedCalls(samples: readonly Sample[]): number {
  return samples
    .filter(({ name, labels }) => name === 'pizza_creation_failures_total' && labels['factory'] === 'primary')
    .reduce((sum, { value }) => sum + value, 0);
}

/**
 * When an alert that needs failures, and nothing else, for so long would have fired; undefined: not so far.
 * @param purchases in the order in which they were answered
 */
export function firstSteadyFailure(
  purchases: readonly SynchronousPurchase[],
  forMs: number,
): number | undefined {
  let failingSince: number | undefined;
  for (const { hasReceipt, answeredAt } of purchases) {
    if (hasReceipt) failingSince = undefined;
    else failingSince ??= answeredAt;
    if (failingSince !== undefined && answeredAt - failingSince >= forMs) return failingSince + forMs;
  }
  return undefined;
}
