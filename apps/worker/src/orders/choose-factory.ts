import type { FactoryName, OrderRecord } from '@proofbox/contract';
import type { Breaker } from '@proofbox/factory/breaker';
import type { RateLimiter } from '@proofbox/factory/rate';
import { failuresAt, isBlamedAt } from './failures-at.ts';

type Candidate = {
  name: FactoryName;
  breaker: Pick<Breaker, 'admit' | 'leave' | 'isTakingOrders' | 'allowedAt'>;
  rate: Pick<RateLimiter, 'hasRoom'>;
};

export type Choice<F extends Candidate> = {
  factory: F;
  probe: boolean;
  /** How often the order failed there before. */
  failures: number;
  isBlamed: boolean;
  /** Another factory could still take the order in this round if this one does not bake it. */
  hasAlternative: boolean;
};

/**
 * The first factory, in order of preference, that was not tried in this round and takes this order; undefined when
 * there is none. The order has a permit there until `breaker.leave`.
 */
export async function chooseFactory<F extends Candidate>(
  factories: readonly F[],
  tried: ReadonlySet<FactoryName>,
  order: Pick<OrderRecord, 'id' | 'attempts' | 'replayedAt'>,
): Promise<Choice<F> | undefined> {
  const left = factories.filter((factory) => !tried.has(factory.name));
  for (const factory of left) {
    if (!factory.rate.hasRoom()) continue;
    const failures = failuresAt(order, factory.name);
    const hasAlternative = left.some(
      (other) => other !== factory && other.breaker.isTakingOrders && other.rate.hasRoom(),
    );
    const admission = await factory.breaker.admit({ id: order.id, failures, hasAlternative });
    if (admission === 'none') continue;
    const isBlamed = isBlamedAt(order, factory.name);
    return { factory, probe: admission === 'probe', failures, isBlamed, hasAlternative };
  }
  return undefined;
}

/** When some factory may take this order, as far as time alone decides it, in ms since the epoch; Infinity: not by time. */
export function nextAllowedAt(factories: readonly Candidate[], order: Pick<OrderRecord, 'attempts'>): number {
  return Math.min(
    ...factories.map(({ name, breaker }) =>
      breaker.allowedAt({ failures: failuresAt(order, name), hasAlternative: false }),
    ),
  );
}
