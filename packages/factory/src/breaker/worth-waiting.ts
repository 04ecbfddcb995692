import { asItCanMean, conditionOf, type BreakerState } from './breaker-state.ts';

/** What the next probe finds is worth waiting for if it is that near ... */
const soonMs = 500;
/** ... and for so long. */
const probeMs = 500;

/**
 * For how many of `withinMs` it is worth waiting for an order that comes now to be baked by this factory; 0: not at all.
 * @param now ms since the epoch
 */
export function worthWaitingMs(stored: BreakerState, now: number, withinMs: number): number {
  const state = asItCanMean(stored, now);
  if (state.throttledUntil > now + withinMs) return 0;
  switch (conditionOf(state, now)) {
    case 'closed':
    case 'forced_closed':
      return withinMs;
    case 'forced_open':
      return 0;
    case 'open':
    case 'half_open':
    case 'out_of_service':
      return worthWaitingForProbeMs(state, now, withinMs);
  }
}

/** An outage that is younger than the wait may end within it. In an older one, what the next probe finds is waited for. */
function worthWaitingForProbeMs(
  { openUntil, probe, failingSince }: BreakerState,
  now: number,
  withinMs: number,
): number {
  if (openUntil > now + withinMs) return 0;
  if (now - failingSince < withinMs) return withinMs;
  const isProbing = probe !== undefined && probe.until > now;
  if (isProbing || openUntil > now + soonMs) return 0;
  return Math.min(withinMs, Math.max(0, openUntil - now) + probeMs);
}
