import { roughDuration } from './duration.ts';

const clock: Intl.DateTimeFormatOptions = {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
};
const day: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' };

/** Local time, as short as it is clear: `14:03:07`, with its day where that is not today, and its year where that is another. */
export function localTime(at: number, now: number, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const dayOf = (moment: number) => new Intl.DateTimeFormat('en-CA', zone).format(moment);
  if (dayOf(at) === dayOf(now)) return new Intl.DateTimeFormat('en-GB', { ...clock, ...zone }).format(at);
  const isOtherYear = dayOf(at).slice(0, 4) !== dayOf(now).slice(0, 4);
  const parts = { ...day, ...(isOtherYear && { year: 'numeric' as const }), ...clock, ...zone };
  return new Intl.DateTimeFormat('en-GB', parts).format(at);
}

/** Hours and minutes, local: `14:03`. */
export function hourAndMinute(at: number, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  return new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...zone,
  }).format(at);
}

/** `just now`, `3 min ago`, `in 20 s`. The clocks of server and browser may differ by a few seconds. */
export function ago(at: number, now: number): string {
  const ms = now - at;
  if (Math.abs(ms) < 5_000) return 'just now';
  return ms > 0 ? `${roughDuration(ms)} ago` : `in ${roughDuration(-ms)}`;
}

/** The same moment in local time with its zone, and as ISO 8601 in UTC. */
export function fullTime(at: number): string {
  const local = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' }).format(at);
  return `${local}\n${new Date(at).toISOString()}`;
}
