import { asItCanMean, conditionOf, type BreakerState } from './breaker-state.ts';

/** Whether an order that comes now may expect to be sent to this factory within `withinMs`. Times in ms since the epoch. */
export function takesOrders(stored: BreakerState, now: number, withinMs: number): boolean {
  const state = asItCanMean(stored, now);
  if (state.throttledUntil > now + withinMs) return false;
  switch (conditionOf(state, now)) {
    case 'closed':
    case 'forced_closed':
      return true;
    case 'forced_open':
      return false;
    case 'open':
    case 'half_open':
    case 'out_of_service':
      return mayBeBackSoon(state, now, withinMs);
  }
}

/** What the next probe finds is worth waiting for if it is that near. */
const soonMs = 500;

/** The first order to come is the probe; those after it wait for what it finds, as long as an outage is that young. */
function mayBeBackSoon(
  { openUntil, probe, failingSince }: BreakerState,
  now: number,
  withinMs: number,
): boolean {
  if (openUntil > now + withinMs) return false;
  if (now - failingSince < withinMs) return true;
  return openUntil <= now + soonMs && (probe === undefined || probe.until <= now);
}
