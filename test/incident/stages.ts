import type { Purchase } from './purchase.ts';
import type { Clock } from './timeline.ts';

/** What had become, at a minute of the incident, of all orders placed until then. The last three add up to the first. */
export type Stage = { minute: number; placed: number; fulfilled: number; waiting: number; failed: number };

/** One stage for each minute from 0 to `lastMinute`. */
export function stagesOf(purchases: readonly Purchase[], clock: Clock, lastMinute: number): Stage[] {
  return Array.from({ length: lastMinute + 1 }, (_each, minute) => {
    const now = clock.wallTime(minute);
    const placed = purchases.filter((each) => each.placedAt <= now);
    const ended = placed.filter((each) => each.endedAt <= now);
    const fulfilled = ended.filter((each) => each.fate === 'fulfilled').length;
    const failed = ended.length - fulfilled;
    return { minute, placed: placed.length, fulfilled, waiting: placed.length - ended.length, failed };
  });
}
