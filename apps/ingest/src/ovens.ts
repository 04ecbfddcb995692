import type { FactoryName } from '@proofbox/contract';
import { takesOrders, type BreakerStore } from '@proofbox/factory/breaker';
import type { DrainSwitch, WakeUps } from '@proofbox/ledger';

export type Ovens = {
  /** Whether an order may expect to be sent to a factory within `withinMs`: otherwise its diner need not wait. */
  takeOrders(withinMs: number): boolean;
};

export type OvensOptions = {
  breakers: Pick<BreakerStore, 'get' | 'watch'>;
  drain: Pick<DrainSwitch, 'get' | 'watch'>;
  factories: FactoryName[];
  wakeUps: Pick<WakeUps, 'wakeAll'>;
  now?: () => number;
};

/**
 * What the workers hold of the factories, for those who wait: when the last one shuts, a probe of it fails, or somebody
 * pauses the drain, nobody is kept waiting.
 */
export function watchOvens({ breakers, drain, factories, wakeUps, now = Date.now }: OvensOptions): Ovens {
  function takeOrders(withinMs: number): boolean {
    if (drain.get().isPaused) return false;
    return factories.some((factory) => takesOrders(breakers.get(factory), now(), withinMs));
  }
  function isWorthWaiting(factory: FactoryName): boolean {
    const breaker = breakers.get(factory);
    if (breaker.state === 'closed') return takesOrders(breaker, now(), longestWaitMs);
    const isYoung = now() - breaker.failingSince < youngMs;
    return isYoung || breaker.probe !== undefined || takesOrders(breaker, now(), 0);
  }
  breakers.watch(() => {
    if (!factories.some(isWorthWaiting)) wakeUps.wakeAll();
  });
  drain.watch(({ isPaused }) => {
    if (isPaused) wakeUps.wakeAll();
  });
  return { takeOrders };
}

/** A throttled factory is worth waiting for if it is back before the longest wait there is. */
const longestWaitMs = 10_000;
/** An outage as short as a diner's wait may end within it; in an older one only the next probe is waited for. */
const youngMs = 4_000;
