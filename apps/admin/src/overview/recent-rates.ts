/** How far the shop was at a moment. `at` in ms since the epoch, the others in orders. */
export type Reading = { at: number; accepted: number; fulfilled: number; backlog: number };

/** Orders a second. `shrinking` is by how much the backlog becomes less, for whatever reason; less than 0 while it grows. */
export type Rates = { accepted: number; fulfilled: number; shrinking: number };

const windowMs = 10_000;

/** Rates of the last ten seconds, from readings taken every second or so. */
export class RecentRates {
  #readings: Reading[] = [];

  /** Whether there is nothing recent to compare with. @param now ms since the epoch */
  isEmptyAt(now: number): boolean {
    return !this.#readings.some(({ at }) => isRecent(at, now));
  }

  /** Adds a reading that is newer than those before it. */
  add(reading: Reading): Rates {
    const last = this.#readings.at(-1);
    // Redis has lost something, or is another one: nothing before that can be compared.
    if (last && (reading.accepted < last.accepted || reading.at < last.at)) this.#readings = [];
    this.#readings = [...this.#readings.filter(({ at }) => isRecent(at, reading.at)), reading];
    const base = this.#readings.findLast(({ at }) => at <= reading.at - windowMs) ?? this.#readings[0]!;
    const seconds = (reading.at - base.at) / 1_000;
    const rate = (orders: number): number => (seconds > 0 ? orders / seconds : 0);
    return {
      accepted: rate(reading.accepted - base.accepted),
      fulfilled: rate(reading.fulfilled - base.fulfilled),
      shrinking: rate(base.backlog - reading.backlog),
    };
  }
}

/** With a gap in which nobody looked, up to two windows. */
function isRecent(at: number, now: number): boolean {
  return at > now - 2 * windowMs - 1_000;
}
