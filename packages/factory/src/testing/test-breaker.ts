import { Breaker, type BreakerOptions } from '../breaker/breaker.ts';

/** The breaker of the only worker of a fleet, as tests want it; an error that nobody expects fails them. */
export function testBreaker(
  options: Pick<BreakerOptions, 'store' | 'now'> & Partial<BreakerOptions>,
): Breaker {
  return new Breaker({
    factory: 'primary',
    worker: 'w',
    fleetPosition: () => ({ workers: 1, rank: 0 }),
    concurrency: 4,
    probeLeaseMs: 7_000,
    settings: 's',
    onThrottled() {},
    random: () => 0.5,
    onError(error) {
      throw error;
    },
    ...options,
  });
}
