export type RateLimitOptions = {
  perSecond: number;
  /** Milliseconds that never go back. */
  now?: () => number;
};

/** Says yes to at most `perSecond` calls in any span of one second. */
export function createRateLimit({
  perSecond,
  now = () => performance.now(),
}: RateLimitOptions): () => boolean {
  /** When the last `perSecond` calls were let through, as a ring: the next slot holds the oldest. */
  const times: number[] = [];
  let next = 0;
  return () => {
    const at = now();
    const oldest = times[next];
    if (oldest !== undefined && at - oldest < 1_000) return false;
    times[next] = at;
    next = (next + 1) % perSecond;
    return true;
  };
}
