import type { FactoryCondition, OutcomeKind } from '@proofbox/contract';

/** The last sign of a factory, good or bad. `at` is in ms since the epoch. */
export type Sign = { good: boolean; at: number };

/** By where it came from: orders (canaries among them), and the health page. */
export type FactorySigns = { order?: Sign; page?: Sign };

/** An order that was baked so lately outranks a health page that is down. */
const orderOutranksMs = 15_000;

/**
 * Whether the last sign of a factory was good. Orders decide: once they fail, only an order that is baked
 * makes it good again, whatever the health page says. Without any sign it is trusted.
 */
export function isUp({ order, page }: FactorySigns, now: number): boolean {
  if (order === undefined) return page?.good ?? true;
  if (!order.good || page === undefined) return order.good;
  const isOrderFresh = now - order.at < orderOutranksMs || order.at >= page.at;
  return isOrderFresh || page.good;
}

/** What an order's outcome says of the factory; undefined where it says more of the order, or of how much we send. */
export function signOfOutcome(outcome: OutcomeKind): boolean | undefined {
  switch (outcome) {
    case 'fulfilled':
      return true;
    case 'not_sent':
    case 'failed':
    case 'unknown':
    case 'misconfigured':
      return false;
    case 'throttled':
    case 'rejected':
    case 'receipt_mismatch':
      return undefined;
  }
}

/**
 * What a change of a breaker says: orders that other workers sent are behind it.
 * @param from undefined when this worker had not looked before
 */
export function signOfCondition(
  from: FactoryCondition | undefined,
  to: FactoryCondition,
): boolean | undefined {
  if (to === 'open' || to === 'out_of_service' || (to === 'half_open' && from === undefined)) return false;
  const wasBad = from === 'open' || from === 'half_open' || from === 'out_of_service';
  return to === 'closed' && wasBad ? true : undefined;
}
