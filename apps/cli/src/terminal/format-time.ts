const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** "3 min ago", "in 23 h", "just now". Both times are ms since the epoch. */
export function formatAge(at: number, now: number): string {
  const distanceMs = Math.abs(now - at);
  if (distanceMs < second) return 'just now';
  return at <= now ? `${formatSpan(distanceMs)} ago` : `in ${formatSpan(distanceMs)}`;
}

/** The exact time, and how long ago in brackets: "2026-11-23T06:15:13.123Z (3 min ago)". */
export function formatTime(at: number, now: number): string {
  return `${new Date(at).toISOString()} (${formatAge(at, now)})`;
}

/** How long something took: "21 ms", "2.0 s", "1 min 12 s". */
export function formatDuration(ms: number): string {
  if (ms < second) return `${Math.round(ms)} ms`;
  if (ms < minute) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  return formatSpan(ms);
}

/** In one unit, or two where one alone would be coarse: "59 s", "3 min 5 s". Rounded down: nothing is older than it is. */
export function formatSpan(ms: number): string {
  if (ms < minute) return `${Math.floor(ms / second)} s`;
  if (ms < 10 * minute) return twoUnits(ms, [minute, 'min'], [second, 's']);
  if (ms < hour) return `${Math.floor(ms / minute)} min`;
  if (ms < 10 * hour) return twoUnits(ms, [hour, 'h'], [minute, 'min']);
  if (ms < 2 * day) return `${Math.floor(ms / hour)} h`;
  return `${Math.floor(ms / day)} days`;
}

function twoUnits(ms: number, [large, largeWord]: [number, string], [small, smallWord]: [number, string]) {
  const rest = Math.floor((ms % large) / small);
  const first = `${Math.floor(ms / large)} ${largeWord}`;
  return rest === 0 ? first : `${first} ${rest} ${smallWord}`;
}
