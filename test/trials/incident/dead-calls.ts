/** When a factory was dead, in ms since the epoch. */
export type Outage = { brokeAt: number; mendedAt: number };

/** Calls that follow each other faster than this came together: an open breaker keeps still for at least 4 s. */
const togetherMs = 1_000;

/**
 * How many calls at most reached the dead factory together, after those that opened the breaker and what was under way
 * with them. More than one, and it was not a single probe at the end of each open time.
 * @param callsAt when each call reached it while it was dead, in ms since the epoch, oldest first
 */
export function mostProbesTogether(callsAt: readonly number[], outages: readonly Outage[]): number {
  const later = outages.flatMap(({ brokeAt }, index) => {
    const nextAt = outages[index + 1]?.brokeAt ?? Infinity;
    return bursts(callsAt.filter((at) => at >= brokeAt && at < nextAt)).slice(1);
  });
  return Math.max(0, ...later);
}

/** The sizes of the groups of calls that came together. */
function bursts(callsAt: readonly number[]): number[] {
  const sizes: number[] = [];
  callsAt.forEach((at, index) => {
    const isNew = index === 0 || at - callsAt[index - 1]! > togetherMs;
    if (isNew) sizes.push(0);
    sizes[sizes.length - 1]! += 1;
  });
  return sizes;
}
