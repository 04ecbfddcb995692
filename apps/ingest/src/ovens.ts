import { takesOrders, type FactoryName } from '@proofbox/contract';
import type { DrainSwitch, VerdictBoard, WakeUps } from '@proofbox/ledger';

export type Ovens = {
  /** Whether an order may expect to be sent to a factory within `withinMs`: otherwise its diner need not wait. */
  takeOrders(withinMs: number): boolean;
};

export type OvensOptions = {
  board: Pick<VerdictBoard, 'get' | 'watch'>;
  drain: Pick<DrainSwitch, 'get' | 'watch'>;
  factories: FactoryName[];
  wakeUps: Pick<WakeUps, 'wakeAll'>;
  now?: () => number;
};

/**
 * What the workers hold of the factories, for those who wait: when the last one shuts, or somebody pauses the drain,
 * nobody is kept waiting.
 */
export function watchOvens({ board, drain, factories, wakeUps, now = Date.now }: OvensOptions): Ovens {
  function takeOrders(withinMs: number): boolean {
    if (drain.get().isPaused) return false;
    return factories.some((factory) => takesOrders(board.get(factory), now(), withinMs));
  }
  board.watch(() => {
    if (!factories.some((factory) => board.get(factory).probe !== undefined) && !takeOrders(longestWaitMs))
      wakeUps.wakeAll();
  });
  drain.watch(({ isPaused }) => {
    if (isPaused) wakeUps.wakeAll();
  });
  return { takeOrders };
}

/** A throttled factory is worth waiting for if it is back before the longest wait there is. */
const longestWaitMs = 10_000;
