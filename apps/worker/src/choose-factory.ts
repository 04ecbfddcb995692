import type { FactoryName } from '@proofbox/contract';
import type { Breaker } from './breaker.ts';
import type { Pace } from './pace.ts';

type Place = {
  name: FactoryName;
  breaker: Pick<Breaker, 'admit' | 'leave' | 'places'>;
  pace: Pick<Pace, 'hasRoom'>;
};

export type Choice<F extends Place> = {
  factory: F;
  probe: boolean;
  /** Another factory could still take the order in this round if this one does not bake it. */
  hasAlternative: boolean;
};

/**
 * The first factory, in order of preference, that was not tried in this round and takes orders; undefined when
 * there is none. The order has a place there until `breaker.leave`.
 */
export async function chooseFactory<F extends Place>(
  factories: readonly F[],
  tried: ReadonlySet<FactoryName>,
  orderId: string,
): Promise<Choice<F> | undefined> {
  const left = factories.filter((factory) => !tried.has(factory.name));
  for (const factory of left) {
    if (!factory.pace.hasRoom()) continue;
    const admission = await factory.breaker.admit(orderId);
    if (admission === 'none') continue;
    const hasAlternative = left.some((other) => other !== factory && other.breaker.places > 0);
    return { factory, probe: admission === 'probe', hasAlternative };
  }
  return undefined;
}
