import { setTimeout as realSleep } from 'node:timers/promises';

export type RateLimiterOptions = {
  /** The contract's limit for the whole fleet, in orders a second; undefined: none. */
  maxRps: number | undefined;
  /** How many workers share that limit. */
  workers: () => number;
  now: () => number;
  sleep?: (ms: number) => Promise<unknown>;
};

/** Of the most that the factory was seen to bear, so much is used. */
const caution = 0.97;
/** Of a rate that it complains of all the same, so much is kept. */
const keptOfTooMuch = 0.95;
/** A rate is learnt from the fullest second of the last ones before a complaint; one with fewer orders says nothing. */
const learntFromMs = 3_000;
const fewestToLearnFrom = 3;
/** One order alone in a second is no rate that anybody could complain of. */
const fewestToComplainOf = 2;
/** What was learnt is kept for so long before more is tried; each time that it proves right so much longer, up to the longest. */
const firstHoldMs = 2_000;
const holdGrows = 4;
const longestHoldMs = 60_000;
/** After that the rate doubles in so long, until the factory complains or the rate is of no matter. */
const doublesInMs = 1_500;
/** A complaint within so much of the rate that was known: it was right. */
const sameRate = 1.3;
/** After so many doublings it is forgotten. */
const forgottenAt = 10;
/** Complaints come in bunches: only the first one counts. */
const bunchMs = 1_000;
/** After a stall of this process so much is caught up at once, which `caution` leaves room for in any one second. */
const catchUpMs = 25;
/** Orders may wait for a slot that is this far off, and no farther. */
const farthestMs = 1_000;

/** `rate` is known once the orders that were on their way are back; `holdMs` is how long it is kept. */
type Complaint = { at: number; rate: number | undefined; holdMs: number };

/**
 * How fast this worker may send to one factory: never faster than the contract allows, and after the factory has
 * complained, just below the rate that it was seen to bear, until it shows that it bears more. Orders go at even
 * distances; what a long stall of this process has missed is not caught up in a burst, which the factory would complain of.
 */
export class RateLimiter {
  readonly #options: RateLimiterOptions;
  /** When the orders that were baked lately had been sent, in ms since the epoch. */
  readonly #bakedSentAt: number[] = [];
  /** When orders were sent within the last second. */
  readonly #sentAt: number[] = [];
  #complaint: Complaint | undefined;
  #nextAt = 0;
  #waiting = 0;
  #lastAcquired: Promise<void> = Promise.resolve();

  constructor(options: RateLimiterOptions) {
    this.#options = options;
  }

  /** So many orders can be in hand, and each of them is sent within a second. */
  get permits(): number {
    return Math.floor((this.#limit() * farthestMs) / 1_000) + 1;
  }

  /** Whether an order that comes now is sent within a second. */
  hasRoom(): boolean {
    return (this.#waiting * 1_000) / this.#limit() <= farthestMs;
  }

  /** Resolves when this order may be sent. */
  acquire(): Promise<void> {
    if (this.#limit() === Infinity) {
      this.#noteSent();
      return Promise.resolve();
    }
    this.#waiting += 1;
    const acquired = this.#lastAcquired.then(async () => {
      const waitMs = this.#nextAt - this.#options.now();
      if (waitMs > 0) await (this.#options.sleep ?? realSleep)(waitMs);
      const intervalMs = 1_000 / this.#limit();
      this.#nextAt = Math.max(this.#nextAt, this.#options.now() - catchUpMs) + intervalMs;
      this.#waiting -= 1;
      this.#noteSent();
    });
    this.#lastAcquired = acquired;
    return acquired;
  }

  /** An order that was sent at `sentAt` was baked: that much the factory can take. */
  baked(sentAt: number): void {
    this.#bakedSentAt.push(sentAt);
    const now = this.#options.now();
    while (this.#bakedSentAt[0]! < now - learntFromMs - bunchMs) this.#bakedSentAt.shift();
  }

  /** The factory complained that it is sent too much. */
  throttled(): void {
    const at = this.#options.now();
    const last = this.#complaint;
    if (last === undefined) {
      this.#complaint = { at, rate: undefined, holdMs: firstHoldMs };
      return;
    }
    if (at - last.at < bunchMs) return;
    const known = this.#rateOf(last);
    const limit = this.#learntLimit();
    if (known === undefined || limit === Infinity) {
      this.#complaint = { at, rate: undefined, holdMs: firstHoldMs };
      return;
    }
    // A factory that is sent little and complains does not complain of the rate.
    const sent = this.#sentAt.filter((sentAt) => sentAt > at - 1_000).length;
    if (sent < Math.max(fewestToComplainOf, known / 2)) {
      this.#complaint = { ...last, at };
      return;
    }
    if (this.#bakedPerSecondBefore(at) * caution > known * sameRate) {
      // What was known was far too little: what is baked now shows more.
      this.#complaint = { at, rate: undefined, holdMs: firstHoldMs };
      return;
    }
    const wasTooMuch = limit <= known;
    this.#complaint = {
      at,
      rate: wasTooMuch ? known * keptOfTooMuch : known,
      holdMs: Math.min(holdGrows * last.holdMs, longestHoldMs),
    };
  }

  #limit(): number {
    const { maxRps = Infinity, workers } = this.#options;
    return Math.min((maxRps * caution) / Math.max(1, workers()), this.#learntLimit());
  }

  #learntLimit(): number {
    if (this.#complaint === undefined) return Infinity;
    const rate = this.#rateOf(this.#complaint);
    if (rate === undefined) return Infinity;
    const { at, holdMs } = this.#complaint;
    const doublings = Math.max(0, this.#options.now() - at - holdMs) / doublesInMs;
    return doublings > forgottenAt ? Infinity : Math.max(1, rate * 2 ** doublings);
  }

  /** What the factory was seen to bear when it complained; undefined where too little was sent to know. */
  #rateOf(complaint: Complaint): number | undefined {
    if (complaint.rate !== undefined) return complaint.rate > 0 ? complaint.rate : undefined;
    const rate = this.#bakedPerSecondBefore(complaint.at) * caution;
    // Before that, orders that were on their way are still coming back.
    if (this.#options.now() - complaint.at >= bunchMs) complaint.rate = rate;
    return rate > 0 ? rate : undefined;
  }

  /** 0 where too few were baked to know. */
  #bakedPerSecondBefore(at: number): number {
    const sentAt = this.#bakedSentAt.filter((each) => each > at - learntFromMs && each <= at);
    sentAt.sort((a, b) => a - b);
    let most = 0;
    let first = 0;
    for (const [last, each] of sentAt.entries()) {
      while (sentAt[first]! <= each - 1_000) first += 1;
      most = Math.max(most, last - first + 1);
    }
    return most >= fewestToLearnFrom ? most : 0;
  }

  #noteSent(): void {
    const now = this.#options.now();
    this.#sentAt.push(now);
    while (this.#sentAt[0]! <= now - 1_000) this.#sentAt.shift();
  }
}
