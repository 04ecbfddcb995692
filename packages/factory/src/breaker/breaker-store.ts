import type { FactoryName } from '@proofbox/contract';
import type { BreakerChange } from './breaker-changes.ts';
import type { BreakerState } from './breaker-state.ts';

/** Where the fleet keeps the states of its breakers. */
export type BreakerStore = {
  /** The state as last received, with own changes on top that are still on their way. */
  get(factory: FactoryName): BreakerState;
  /**
   * Changes a state as it really is, however often another process is faster. This process sees its own change at once.
   * @returns the state afterwards
   */
  update(factory: FactoryName, change: BreakerChange): Promise<BreakerState>;
  /** Calls `listener` after each change that this process receives. */
  watch(listener: () => void): void;
};
