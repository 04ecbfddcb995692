const baseMs = 1_000;
const capMs = 60_000;

/**
 * Exponential with full jitter: somewhere between 0 and 1 s, 2 s, 4 s ... 60 s, so that orders that failed
 * together do not come back together.
 * @param round 1 for the first round that failed
 * @param random in [0, 1)
 */
export function backOffMs(round: number, random: () => number): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(round - 1, 16));
  return Math.floor(random() * ceiling);
}
