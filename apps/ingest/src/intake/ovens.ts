import type { FactoryName } from '@proofbox/contract';
import { worthWaitingMs, type BreakerStore } from '@proofbox/factory/breaker';
import type { QueuePause, WakeUps } from '@proofbox/ledger';

export type Ovens = {
  /** For how many of `withinMs` a diner does well to wait for an order that comes now; 0: a factory takes none soon. */
  worthWaitingMs(withinMs: number): number;
};

export type OvensOptions = {
  breakers: Pick<BreakerStore, 'get' | 'watch'>;
  queuePause: Pick<QueuePause, 'get' | 'watch'>;
  factories: FactoryName[];
  wakeUps: Pick<WakeUps, 'wakeAll'>;
  now?: () => number;
};

/**
 * What the workers hold of the factories, for those who wait: when the last one shuts for longer than they wait, or
 * somebody pauses the queue, nobody is kept waiting.
 */
export function watchOvens({
  breakers,
  queuePause,
  factories,
  wakeUps,
  now = Date.now,
}: OvensOptions): Ovens {
  function worthWaiting(withinMs: number): number {
    if (queuePause.get().isPaused) return 0;
    return Math.max(...factories.map((factory) => worthWaitingMs(breakers.get(factory), now(), withinMs)));
  }
  breakers.watch(() => {
    const isProbing = factories.some((factory) => breakers.get(factory).probe !== undefined);
    if (!isProbing && worthWaiting(longestWaitMs) === 0) wakeUps.wakeAll();
  });
  queuePause.watch(({ isPaused }) => {
    if (isPaused) wakeUps.wakeAll();
  });
  return { worthWaitingMs: worthWaiting };
}

/** A throttled factory is worth waiting for if it is back before the longest wait there is. */
const longestWaitMs = 10_000;
