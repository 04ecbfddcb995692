const longestWaitMs = 10_000;

/** How long a client wants to wait for its receipt (RFC 7240), and what of its wish is honoured, for Preference-Applied. */
export type Preference = { waitMs: number; applied?: string };

/** `wait=n` waits n seconds, at most 10; `respond-async` alone does not wait; neither: `defaultMs`. */
export function readPreference(header: string | string[] | undefined, defaultMs: number): Preference {
  const wishes = [header ?? []]
    .flat()
    .join(',')
    .split(',')
    .map((each) => each.trim().toLowerCase());
  const seconds = wishes
    .map((wish) => /^wait\s*=\s*"?(\d{1,6})"?\s*(?:;.*)?$/.exec(wish)?.[1])
    .find((each) => each !== undefined);
  const async = wishes.some((wish) => /^respond-async\s*(?:;.*)?$/.test(wish));
  if (seconds !== undefined) {
    const waitMs = Math.min(Number(seconds) * 1_000, longestWaitMs);
    return { waitMs, applied: `${async ? 'respond-async, ' : ''}wait=${waitMs / 1_000}` };
  }
  return async ? { waitMs: 0, applied: 'respond-async' } : { waitMs: defaultMs };
}
