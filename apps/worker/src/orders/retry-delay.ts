import type { Attempt, OrderRecord } from '@proofbox/contract';
import { backOffMs, repeatDelayMs } from './back-off.ts';
import { roundsOf } from './rounds.ts';
import type { WorkerContext } from './worker-context.ts';

/** An error that took longer is no quick one: asking again at once would cost the factory, and the diner, too much. */
const fastMs = 1_000;
/** The factory is overloaded, or waited in vain for a part of its own: asking again at once makes it worse. */
const overloaded: ReadonlySet<number> = new Set([408, 503, 504]);

/**
 * How long an order waits for its next round, in ms. Where a factory fails some orders and bakes the rest, not long: the
 * diner may still be there. Else a back-off.
 * @param order with the attempts of the round
 */
export function retryDelayMs(
  { factories, random }: Pick<WorkerContext, 'factories' | 'random'>,
  order: OrderRecord,
  round: readonly Attempt[],
): number {
  const rounds = roundsOf(order);
  const tried = factories.flatMap((factory) => {
    const last = round.findLast((each) => each.factory === factory.name);
    return last && factory.breaker.isMixed ? [{ factory, last }] : [];
  });
  if (tried.some(({ factory, last }) => isFast(last) && factory.retryBudget.spend()))
    return repeatDelayMs(rounds, random);
  // Also where nothing was baked in the moment since its last attempt.
  const othersBake = tried.length > 0 || order.attempts.some(({ counted }) => counted);
  return backOffMs(rounds, random, { othersBake });
}

/** A quick, explicit error. */
function isFast({ outcome, status, startedAt, endedAt = Infinity }: Attempt): boolean {
  if (endedAt - startedAt > fastMs || (status !== undefined && overloaded.has(status))) return false;
  return outcome === 'failed' || outcome === 'rejected' || outcome === 'misconfigured';
}
