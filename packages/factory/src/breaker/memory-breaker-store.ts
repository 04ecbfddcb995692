import { factoryNames, type FactoryName } from '@proofbox/contract';
import type { BreakerChange } from './breaker-changes.ts';
import { trustedState, type BreakerState } from './breaker-state.ts';
import type { BreakerStore } from './breaker-store.ts';

export type MemoryBreakerStore = BreakerStore & {
  /** While it is, no change can be made, as when Redis refuses to write. */
  isBroken: boolean;
};

/** A store of one process, for tests and for simulations: all who share it receive every change at once. */
export function createMemoryBreakerStore(): MemoryBreakerStore {
  const listeners: (() => void)[] = [];
  const states = new Map<FactoryName, BreakerState>(factoryNames.map((name) => [name, trustedState(name)]));
  const store: MemoryBreakerStore = {
    isBroken: false,
    get: (factory) => states.get(factory)!,
    watch: (listener) => void listeners.push(listener),
    async update(factory, change: BreakerChange) {
      if (store.isBroken) throw new Error('Redis refuses to write');
      const state = store.get(factory);
      const changed = change(state);
      if (changed === undefined) return state;
      const next = { ...changed, version: state.version + 1 };
      states.set(factory, next);
      for (const listener of listeners) listener();
      return next;
    },
  };
  return store;
}
