const minuteMs = 60_000;
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720].map((minutes) => minutes * minuteMs);

/** Round local times between two moments for an axis of time, at most `most` of them. */
export function timeTicks(from: number, to: number, most = 8): number[] {
  const step = steps.find((each) => (to - from) / each <= most) ?? steps[steps.length - 1] ?? minuteMs;
  // Hours of the local clock are round, whatever the zone.
  const zoneMs = new Date(from).getTimezoneOffset() * minuteMs;
  const first = Math.ceil((from - zoneMs) / step) * step + zoneMs;
  const ticks: number[] = [];
  for (let tick = first; tick <= to; tick += step) ticks.push(tick);
  return ticks;
}
