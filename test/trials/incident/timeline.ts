/** Times of the incident are minutes since the replay begins, at 18:45 UTC. */
const opening = minutesOfDay('18:45');

export type Moment = {
  minute: number;
  told: string;
  /** What becomes of the factory. */
  factory?: 'dead' | 'mended';
};

/** What happened on that Thursday. Orders are placed from the first moment to the last. */
export const moments: readonly Moment[] = [
  { minute: at('18:45'), told: 'The shop is open, the factory bakes.' },
  { minute: at('18:50'), told: 'Every request to the pizza factory begins to fail.', factory: 'dead' },
  { minute: at('18:58'), told: 'On that day, this is when somebody noticed an alert.' },
  { minute: at('19:20'), told: 'The fix is applied, and the factory bakes again.', factory: 'mended' },
  { minute: at('19:22'), told: 'One more group of requests fails.', factory: 'dead' },
  { minute: at('19:24'), told: 'The factory bakes again, for good.', factory: 'mended' },
  { minute: at('19:30'), told: 'The incident is over.' },
  { minute: at('19:35'), told: 'No new orders. What still waits is baked.' },
];

export const closingMinute = moments.at(-1)!.minute;

/** From a minute on, up to another one. */
export type Span = { from: number; to: number };

/** When the factory was dead. */
export const deadSpans: readonly Span[] = moments.flatMap(({ minute, factory }, index) => {
  if (factory !== 'dead') return [];
  const mended = moments.slice(index).find((later) => later.factory === 'mended');
  return [{ from: minute, to: mended?.minute ?? closingMinute }];
});

/** Such as `18:50`. */
export function clockTime(minute: number): string {
  const whole = opening + Math.floor(minute);
  return [Math.floor(whole / 60) % 24, whole % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Wall time and the incident's time, one from the other. Wall times are in ms since the epoch. */
export type Clock = {
  msPerMinute: number;
  wallTime(minute: number): number;
  minute(wallTime: number): number;
};

/** @param speed how many times faster than it was */
export function startClock(speed: number, startedAt: number): Clock {
  const msPerMinute = 60_000 / speed;
  return {
    msPerMinute,
    wallTime: (minute) => startedAt + minute * msPerMinute,
    minute: (wallTime) => (wallTime - startedAt) / msPerMinute,
  };
}

function at(clock: string): number {
  return minutesOfDay(clock) - opening;
}

function minutesOfDay(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}
