import type { Load, Reason, Scenario, Span } from './scenario.ts';

type Why = NonNullable<Scenario['why']>;

/** Who asks all the time finds the end of an outage at once, and so do diners who came this long before it. */
const outlastedMs = 3_500;
/** An outage is looked at again when it has lasted this much longer. */
const longerEachTime = 0.04;

/**
 * A factory that is down is asked less and less often, and a diner who comes meanwhile gets a ticket at once.
 * @param dead how long it was down, in a simulation of `lengthMs`
 */
export function rareProbes({ dead, lengthMs }: { dead: Span; lengthMs: number }): Reason {
  const ms = outlastedMs + longerEachTime * (dead.until - dead.from);
  return {
    because: 'tickets instead of waits while it is down, and probes that become rare',
    most: ms / lengthMs,
  };
}

/** For rows without a fallback, where nobody else can bake. */
export function alone(reason: (load: Load) => Reason): Why {
  return ({ hasFallback, ...load }) => (hasFallback ? undefined : reason(load));
}

/** A factory that is always slower than the time-out is down for Proofbox: the time-out is a setting. */
export const slowerThanTimeOut: Reason = {
  because: '`FACTORY_TIMEOUT_MS` is 2 s: a factory that is slower needs a longer one',
  most: 0.6,
};

/** Who does not obey takes the turns of those who do. */
export const obedience: Reason = {
  because: '`Retry-After` is obeyed by the whole fleet, for each complaint',
  most: 0.05,
};

/** An overloaded factory is not asked again within half a second or so. */
export const patienceWith503: Reason = {
  because: 'a 503 says that it has too much to do: it is not asked again at once',
  most: 0.03,
};

/** Among many orders chance makes a row that an outage would make, too, and then one order at a time finds out. */
export const rowByChance: Reason = {
  because: 'of 50 orders a second three in a row time out by chance now and then, as in an outage',
  most: 0.02,
};

export function both(...reasons: Reason[]): Reason {
  return {
    because: reasons.map(({ because }) => because).join('; '),
    most: reasons.reduce((sum, { most }) => sum + most, 0),
  };
}
