/** `leftMs`: until it is forgotten. */
type Counted = { count: number; leftMs: number };

export type Tally = {
  get(name: string): Counted | undefined;
  /** Counts one more. @returns undefined, and counts nothing, for a new name when there are as many as may be */
  add(name: string): Counted | undefined;
};

/**
 * Counts by name, each within a window of time that starts with its first; then it is forgotten.
 * @param options.now ms, from any moment on
 */
export function createTally(options: { size: number; windowMs: number; now: () => number }): Tally {
  const { size, windowMs, now } = options;
  /** In the order in which they end, because all last equally long. */
  const known = new Map<string, { count: number; endsAt: number }>();

  function forgetEnded(): void {
    for (const [name, { endsAt }] of known) {
      if (endsAt > now()) return;
      known.delete(name);
    }
  }

  function get(name: string): Counted | undefined {
    forgetEnded();
    const entry = known.get(name);
    return entry && { count: entry.count, leftMs: entry.endsAt - now() };
  }

  return {
    get,
    add(name) {
      forgetEnded();
      const entry = known.get(name);
      if (entry) entry.count += 1;
      else if (known.size < size) known.set(name, { count: 1, endsAt: now() + windowMs });
      return get(name);
    },
  };
}
