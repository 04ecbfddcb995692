import type { ScaleResult } from './run-scale.ts';

/** In ms: a page and a story take no longer than this in 99 of 100 cases, and a call keeps Redis no longer busy than that. */
const mostPageMs = 50;
const mostCallMs = 5;
/** A bulk task holds its rate within this part of it. */
const rateTolerance = 0.05;
/** Admin needs no more memory than this, in MB, whatever it does and however much there is. */
const mostMemoryMb = 400;

/** What was promised and not kept, in words; none where all was. */
export function missedIn(result: ScaleResult): string[] {
  const { searches, pages, details, bulks, memory } = result;
  const slow = [
    ...pages.map(({ name, page }) => ({
      name: `the page "${name}" at the API`,
      p99: page.p99,
      most: mostPageMs,
    })),
    { name: 'an order at the API', p99: details.p99, most: mostPageMs },
    ...searches.map(({ name, redisCall }) => ({
      name: `a call to Redis for "${name}"`,
      p99: redisCall.p99,
      most: mostCallMs,
    })),
  ].filter(({ p99, most }) => p99 > most);
  const highest = Math.max(...Object.values(memory).map(({ max }) => max));
  return [
    ...slow.map(({ name, p99, most }) => `${name}: ${p99.toFixed(1)} ms p99, at most ${most} are wanted`),
    ...bulks
      .filter(({ mean, rate }) => Math.abs(mean - rate) > rate * rateTolerance)
      .map(({ mean, rate }) => `a bulk replay at ${rate} a second: ${mean.toFixed(0)} a second`),
    ...bulks
      .filter(({ inQueue, saidMoved, counted }) => new Set([inQueue, saidMoved, counted]).size > 1)
      .map((bulk) => `the books of a bulk replay: ${JSON.stringify(bulk)}`),
    ...(highest <= mostMemoryMb ? [] : [`memory of admin: ${highest.toFixed(0)} MB`]),
  ];
}
