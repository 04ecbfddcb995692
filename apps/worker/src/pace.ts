import { setTimeout as realSleep } from 'node:timers/promises';

export type PaceOptions = {
  /** The contract's limit for the whole fleet, in orders a second; undefined: none. */
  maxRps: number | undefined;
  /** How many workers share that limit. */
  workers: () => number;
  now: () => number;
  sleep?: (ms: number) => Promise<unknown>;
};

/** Of the pace that led to a complaint, so much is kept; less when the last complaint was not long ago. */
const caution = 0.97;
const doubt = 0.93;
/** The learnt pace is kept for so long before a little more is tried. */
const holdMs = 30_000;
/** How fast the learnt pace grows after that, per second. */
const growth = 1.005;
/** Without a complaint for so long, what was learnt is forgotten. */
const forgetMs = 300_000;
/** Complaints come in bunches: only the first one counts. */
const bunchMs = 1_000;
const soonMs = 5_000;
/** After a stall of this process so much is caught up at once, which `caution` leaves room for in any one second. */
const catchUpMs = 25;
/** Orders may wait for a turn that is this far off, and no farther. */
const farthestMs = 1_000;

/**
 * How fast this worker may send to one factory: never faster than the contract allows, and after the factory has
 * complained, just below the pace that it was seen to bear. Orders go at even distances; what a long stall of
 * this process has missed is not caught up in a burst, which the factory would complain of.
 */
export class Pace {
  readonly #options: PaceOptions;
  /** When the orders that were baked lately had been sent, in ms since the epoch. */
  readonly #bakedSentAt: number[] = [];
  #complaint: { at: number; learnt: number | undefined } | undefined;
  #nextAt = 0;
  #waiting = 0;
  #lastTurn: Promise<void> = Promise.resolve();

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  /** So many orders can be in hand, and each of them gets its turn within a second. */
  get places(): number {
    return Math.floor((this.#limit() * farthestMs) / 1_000) + 1;
  }

  /** Whether an order that comes now gets its turn within a second. */
  hasRoom(): boolean {
    return (this.#waiting * 1_000) / this.#limit() <= farthestMs;
  }

  /** Resolves when it is this order's turn to be sent. */
  turn(): Promise<void> {
    if (this.#limit() === Infinity) return Promise.resolve();
    this.#waiting += 1;
    const turn = this.#lastTurn.then(async () => {
      const waitMs = this.#nextAt - this.#options.now();
      if (waitMs > 0) await (this.#options.sleep ?? realSleep)(waitMs);
      const intervalMs = 1_000 / this.#limit();
      this.#nextAt = Math.max(this.#nextAt, this.#options.now() - catchUpMs) + intervalMs;
      this.#waiting -= 1;
    });
    this.#lastTurn = turn;
    return turn;
  }

  /** An order that was sent at `sentAt` was baked: that much the factory can take. */
  baked(sentAt: number): void {
    this.#bakedSentAt.push(sentAt);
    const now = this.#options.now();
    while (this.#bakedSentAt[0]! < now - 3_000) this.#bakedSentAt.shift();
  }

  /** The factory complained that it is sent too much. */
  throttled(): void {
    const at = this.#options.now();
    if (this.#complaint === undefined) {
      this.#complaint = { at, learnt: undefined };
      return;
    }
    const sinceLast = at - this.#complaint.at;
    if (sinceLast < bunchMs) return;
    const known = this.#learntLimit();
    this.#complaint = {
      at,
      learnt: known === Infinity ? undefined : known * (sinceLast < soonMs ? doubt : caution),
    };
  }

  #limit(): number {
    const { maxRps = Infinity, workers } = this.#options;
    return Math.min((maxRps * caution) / Math.max(1, workers()), this.#learntLimit());
  }

  #learntLimit(): number {
    if (this.#complaint === undefined) return Infinity;
    const { at } = this.#complaint;
    const age = this.#options.now() - at;
    if (age > forgetMs) return Infinity;
    const learnt = this.#complaint.learnt ?? this.#bakedInSecondBefore(at) * caution;
    // Nothing that this worker sent was baked just before: the complaint was about others, and tells it no pace.
    if (learnt === 0) return Infinity;
    // Before that, orders that were on their way are still coming back.
    if (age >= bunchMs) this.#complaint.learnt = learnt;
    return Math.max(1, learnt) * growth ** (Math.max(0, age - holdMs) / 1_000);
  }

  #bakedInSecondBefore(at: number): number {
    return this.#bakedSentAt.filter((sentAt) => sentAt > at - 1_000 && sentAt <= at).length;
  }
}
