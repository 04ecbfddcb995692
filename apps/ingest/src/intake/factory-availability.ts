import type { FactoryName } from '@proofbox/contract';
import { worthWaitingMs, type BreakerStore } from '@proofbox/factory/breaker';
import type { QueuePause, SettledNotifier } from '@proofbox/ledger';

export type FactoryAvailability = {
  /** For how many of `withinMs` a diner does well to wait for an order that comes now; 0: a factory takes none soon. */
  worthWaitingMs(withinMs: number): number;
};

export type FactoryAvailabilityOptions = {
  breakers: Pick<BreakerStore, 'get' | 'watch'>;
  queuePause: Pick<QueuePause, 'get' | 'watch'>;
  factories: FactoryName[];
  settledNotifier: Pick<SettledNotifier, 'wakeAll'>;
  now?: () => number;
};

/**
 * What the workers hold of the factories, for those who wait: when the last one shuts for longer than they wait, or
 * the queue is paused, no diner is kept waiting.
 */
export function watchFactoryAvailability({
  breakers,
  queuePause,
  factories,
  settledNotifier,
  now = Date.now,
}: FactoryAvailabilityOptions): FactoryAvailability {
  function worthWaiting(withinMs: number): number {
    if (queuePause.get().isPaused) return 0;
    return Math.max(...factories.map((factory) => worthWaitingMs(breakers.get(factory), now(), withinMs)));
  }
  breakers.watch(() => {
    const isProbing = factories.some((factory) => breakers.get(factory).probe !== undefined);
    if (!isProbing && worthWaiting(longestWaitMs) === 0) settledNotifier.wakeAll();
  });
  queuePause.watch(({ isPaused }) => {
    if (isPaused) settledNotifier.wakeAll();
  });
  return { worthWaitingMs: worthWaiting };
}

/** A throttled factory is worth waiting for if it is back before the longest wait there is. */
const longestWaitMs = 10_000;
