const longestWaitMs = 10_000;

/** How long a client wants to wait for its receipt (RFC 7240), and what of its wish is honoured, for Preference-Applied. */
export type Preference = { waitMs: number; applied?: string };

/** `wait=n` waits n seconds, at most 10; `respond-async` alone does not wait; neither: `defaultMs`. */
export function readPreference(header: string | string[] | undefined, defaultMs: number): Preference {
  const wishes = readWishes([header ?? []].flat().join(','));
  const wait = wishes.get('wait');
  const seconds = wait !== undefined && /^\d+$/.test(wait) ? Number(wait) : undefined;
  const async = wishes.has('respond-async');
  if (seconds !== undefined) {
    const waitMs = Math.min(seconds * 1_000, longestWaitMs);
    return { waitMs, applied: `${async ? 'respond-async, ' : ''}wait=${waitMs / 1_000}` };
  }
  return async ? { waitMs: 0, applied: 'respond-async' } : { waitMs: defaultMs };
}

/** What stands between commas, except for those in quotes. A quote that is never closed ends with the header. */
const betweenCommas = /(?:[^,"]|"(?:[^"\\]|\\[^])*"?)+/g;

/** A wish: its name, and its value without the parameters behind a semicolon. */
const wish = /^\s*([^\s;="]+)\s*(?:=\s*(?:"((?:[^"\\]|\\[^])*)|([^\s;"]*)))?/;

/** The wishes by name, in lower case. Of a wish that is made twice, the first counts. */
function readWishes(header: string): Map<string, string> {
  const wishes = new Map<string, string>();
  for (const [part] of header.matchAll(betweenCommas)) {
    const [, name = '', quoted, plain = ''] = wish.exec(part) ?? [];
    if (!wishes.has(name.toLowerCase())) wishes.set(name.toLowerCase(), quoted ?? plain);
  }
  return wishes;
}
