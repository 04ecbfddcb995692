/**
 * Holds a rate by the clock: what a late tick has missed, the next one makes good, up to a second's worth.
 * @param now ms, from any moment on
 */
export function createTokenBucket({ perSecond, now }: { perSecond: number; now: () => number }) {
  const capacity = perSecond + 1;
  let tokens = 1;
  let filledAt = now();

  function fill(): void {
    const at = now();
    tokens = Math.min(capacity, tokens + ((at - filledAt) * perSecond) / 1_000);
    filledAt = at;
  }

  return {
    /** Takes as many as there are, whole ones, and at most `wanted`. */
    take(wanted: number): number {
      fill();
      const taken = Math.min(wanted, Math.floor(tokens));
      tokens -= taken;
      return taken;
    },
    /** How long until there are so many, or as many as there can be, in ms. */
    msUntil(wanted: number): number {
      fill();
      return Math.max(0, ((Math.min(wanted, capacity) - tokens) * 1_000) / perSecond);
    },
  };
}
