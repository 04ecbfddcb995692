export { Breaker, type Admission, type BreakerOptions, type BreakerOrder } from './breaker.ts';
export { force, startCarefully, type BreakerChange } from './breaker-changes.ts';
export {
  asItCanMean,
  breakerState,
  conditionOf,
  isHalfOpen,
  trustedState,
  unforcedConditionOf,
  type BreakerState,
} from './breaker-state.ts';
export type { BreakerStore } from './breaker-store.ts';
export { shareOf, type FleetPosition } from './fleet-position.ts';
export { createMemoryBreakerStore, type MemoryBreakerStore } from './memory-breaker-store.ts';
export { worthWaitingMs } from './worth-waiting.ts';
