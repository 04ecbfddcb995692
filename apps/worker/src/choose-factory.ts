import type { FactoryName } from '@proofbox/contract';
import type { Breaker } from './breaker.ts';

type Place = { name: FactoryName; breaker: Breaker };

export type Choice<F extends Place> = {
  factory: F;
  probe: boolean;
  /** Another factory could still take the order in this round if this one does not bake it. */
  hasAlternative: boolean;
};

/**
 * The first factory, in order of preference, that was not tried in this round and takes orders; undefined when
 * there is none. Choosing a half-open one reserves its only place: record or release it.
 */
export function chooseFactory<F extends Place>(
  factories: readonly F[],
  tried: ReadonlySet<FactoryName>,
  orderId: string,
): Choice<F> | undefined {
  const left = factories.filter((factory) => !tried.has(factory.name));
  for (const factory of left) {
    const admission = factory.breaker.admit(orderId);
    if (admission === 'none') continue;
    const hasAlternative = left.some((other) => other !== factory && other.breaker.availableAt === 0);
    return { factory, probe: admission === 'probe', hasAlternative };
  }
  return undefined;
}
