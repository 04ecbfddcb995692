const baseMs = 1_000;
const capMs = 60_000;
/** Where the factory bakes others an order that fails is soon known to be wrong, or soon baked: within a few rounds. */
const capWhileOthersBakeMs = 8_000;
const roundsWhileOthersBake = 12;
const firstRepeatMs = 50;
const lastRepeatMs = 800;

/**
 * Exponential with full jitter: somewhere between 0 and 1 s, 2 s, 4 s ... 60 s, so that orders that failed
 * together do not come back together.
 * @param round 1 for the first round that failed
 * @param random in [0, 1)
 */
export function backOffMs(round: number, random: () => number, { othersBake = false } = {}): number {
  const cap = othersBake && round <= roundsWhileOthersBake ? capWhileOthersBakeMs : capMs;
  const ceiling = Math.min(cap, baseMs * 2 ** Math.min(round - 1, 16));
  return Math.floor(random() * ceiling);
}

/** Back-off before a repeat within the diner's wait: 25 to 50 ms, then twice that, up to 0.8 s. */
export function repeatDelayMs(round: number, random: () => number): number {
  const ceiling = Math.min(lastRepeatMs, firstRepeatMs * 2 ** Math.min(round - 1, 16));
  return Math.ceil(ceiling * (0.5 + 0.5 * random()));
}
