const windowMs = 5_000;

export type RateMeter = ReturnType<typeof createRateMeter>;

/** How many a second there were in the last five. @param now ms, from any moment on */
export function createRateMeter(now: () => number) {
  const startedAt = now();
  let seen: { at: number; count: number }[] = [];
  return {
    add(count: number): void {
      seen.push({ at: now(), count });
    },
    perSecond(): number {
      const at = now();
      seen = seen.filter((each) => each.at > at - windowMs);
      const total = seen.reduce((sum, { count }) => sum + count, 0);
      return (total * 1_000) / Math.max(1_000, Math.min(windowMs, at - startedAt));
    },
  };
}
