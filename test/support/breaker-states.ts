import type { FactoryName } from '@proofbox/contract';
import { readMetrics, type Sample } from './metrics.ts';

/** What a worker says about each factory, such as `closed` or `half_open`; a factory it does not speak of is left out. */
export type BreakerStates = Partial<Record<FactoryName, string>>;

/**
 * Reads `pizza_factory_breaker_state` from a worker's `/metrics`.
 * @throws Error when it does not answer within 2 s
 */
export async function readBreakerStates(workerUrl: string): Promise<BreakerStates> {
  return breakerStatesIn(await readMetrics(workerUrl));
}

/** One sample for each factory and state; the state it is in has the value 1. */
export function breakerStatesIn(samples: readonly Sample[]): BreakerStates {
  const current = samples.filter(({ name, value }) => name === 'pizza_factory_breaker_state' && value === 1);
  return Object.fromEntries(current.map(({ labels }) => [labels['factory'], labels['state']]));
}
