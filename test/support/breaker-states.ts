import type { FactoryName } from '@proofbox/contract';

/** What a worker says about each factory, such as `closed` or `half_open`; a factory it does not speak of is left out. */
export type BreakerStates = Partial<Record<FactoryName, string>>;

/**
 * Reads `pizza_factory_breaker_state` from a worker's `/metrics`.
 * @throws Error when it does not answer within 2 s
 */
export async function readBreakerStates(workerUrl: string): Promise<BreakerStates> {
  const reply = await fetch(`${workerUrl}/metrics`, { signal: AbortSignal.timeout(2_000) });
  return breakerStatesIn(await reply.text());
}

/** One sample for each factory and state; the state it is in has the value 1. */
function breakerStatesIn(metrics: string): BreakerStates {
  const samples = metrics.matchAll(/^pizza_factory_breaker_state\{(.*)\} 1$/gm);
  return Object.fromEntries(
    samples.map(([, labels = '']) => [
      /factory="(\w+)"/.exec(labels)?.[1],
      /state="(\w+)"/.exec(labels)?.[1],
    ]),
  );
}
