import { factoryName, type FactoryCondition, type FactoryName } from '@proofbox/contract';
import { z } from 'zod';

/**
 * What the whole fleet holds of one factory. Times are milliseconds since the epoch; 0 stands for "never".
 * `open` with `openUntil` in the past is half-open: one order may be sent as a probe.
 */
export const breakerState = z.object({
  factory: factoryName,
  /** Grows with each change: nobody overwrites what they have not seen. */
  version: z.number(),
  state: z.enum(['closed', 'open']),
  /** Why it is not closed, as text for an operator. */
  cause: z.string().optional(),
  changedAt: z.number(),
  /**
   * Distinct orders that failed since the last one was baked, the oldest first: those that had never failed before,
   * and the suspects, which had.
   */
  row: z.object({ since: z.number(), fresh: z.array(z.string()), suspects: z.array(z.string()) }),
  /** When the first order failed of those that opened it. */
  failingSince: z.number(),
  /** Until then nothing is sent. */
  openUntil: z.number(),
  /** Until then no order is sent that failed before. */
  suspectsUntil: z.number(),
  /** Until then no order is sent that another factory takes. */
  sparedUntil: z.number(),
  /** It refuses us (401, 403, 404, 405), and whom: a hash of the settings that it was called with. */
  refused: z.string().optional(),
  /** The one order that is on its way as a probe; after `until` its worker is taken for dead. */
  probe: z.object({ orderId: z.string(), worker: z.string(), until: z.number() }).optional(),
  /** How many orders the fleet may have there at once, while it is being tried carefully; absent: as many as it can. */
  permits: z.number().optional(),
  narrowedAt: z.number(),
  /** The factory asked to be left alone until then. */
  throttledUntil: z.number(),
  /** An operator's word, which stands above all else. */
  forced: z
    .object({ to: z.enum(['open', 'closed']), by: z.string(), at: z.number(), why: z.string() })
    .optional(),
});
export type BreakerState = z.infer<typeof breakerState>;

/** Nothing is known of it, so it is trusted. */
export function trustedState(factory: FactoryName): BreakerState {
  return {
    factory,
    version: 0,
    state: 'closed',
    changedAt: 0,
    row: emptyRow,
    failingSince: 0,
    openUntil: 0,
    suspectsUntil: 0,
    sparedUntil: 0,
    narrowedAt: 0,
    throttledUntil: 0,
  };
}

export const emptyRow: BreakerState['row'] = { since: 0, fresh: [], suspects: [] };

/** Two workers that both go by the clock of Redis may differ by so much: what one has just written is no wrong clock's. */
const slackMs = 5_000;
/** No open time is longer, whatever clock it was written by: see `asItCanMean`. */
const longestOpenMs = 60_000;
const longestJitteredMs = longestOpenMs * 1.2 + slackMs;
/** No Retry-After counts for longer. */
const longestThrottleMs = 60_000 + slackMs;
/** A probe takes as long as a call, which is two minutes at the most, and the check of its receipt. */
const longestProbeMs = 150_000;

/** The state without what it cannot mean: an instant that a clock which was wrong has put far into the future. */
export function asItCanMean(state: BreakerState, now: number): BreakerState {
  const {
    openUntil,
    suspectsUntil,
    sparedUntil,
    throttledUntil,
    failingSince,
    changedAt,
    narrowedAt,
    probe,
  } = state;
  return {
    ...state,
    openUntil: openUntil > now + longestJitteredMs ? 0 : openUntil,
    suspectsUntil: suspectsUntil > now + 2 * longestJitteredMs ? 0 : suspectsUntil,
    sparedUntil: sparedUntil > now + longestJitteredMs ? 0 : sparedUntil,
    throttledUntil: throttledUntil > now + longestThrottleMs ? 0 : throttledUntil,
    failingSince: Math.min(failingSince, now),
    changedAt: Math.min(changedAt, now),
    narrowedAt: narrowedAt > now + slackMs ? 0 : narrowedAt,
    probe: probe && probe.until > now + longestProbeMs ? undefined : probe,
  };
}

/** The condition a state amounts to at `now`. */
export function conditionOf(state: BreakerState, now: number): FactoryCondition {
  if (state.forced) return state.forced.to === 'open' ? 'forced_open' : 'forced_closed';
  return unforcedConditionOf(state, now);
}

/** What it would be without an operator's word. */
export function unforcedConditionOf(state: BreakerState, now: number): FactoryCondition {
  if (state.state === 'closed') return 'closed';
  if (state.refused !== undefined) return 'out_of_service';
  return now >= asItCanMean(state, now).openUntil ? 'half_open' : 'open';
}

/** Whether one order may be sent to it now, as a probe, if none is under way. */
export function isHalfOpen(state: BreakerState, now: number): boolean {
  return !state.forced && state.state === 'open' && now >= asItCanMean(state, now).openUntil;
}
