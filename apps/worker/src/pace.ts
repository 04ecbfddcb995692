export type PaceOptions = {
  /** The contract's limit for the whole fleet, in orders a second; undefined: none. */
  maxRps: number | undefined;
  /** How many workers share that limit. */
  workers: () => number;
  now: () => number;
};

/** Of what the factory took in the second before it complained, it is sent so much from then on. */
const caution = 0.97;
/** The learnt pace is kept for so long before a little more is tried. */
const holdMs = 30_000;
/** How fast the learnt pace grows after that, per second. */
const growth = 1.005;
/** Without a complaint for so long, what was learnt is forgotten. */
const forgetMs = 300_000;
/** Complaints come in bunches: only the first one counts. */
const bunchMs = 1_000;
const soonMs = 5_000;
/** A place in the queue for the next free moment is given out this far ahead, and no further. */
const farthestMs = 1_000;

/**
 * How fast this worker may send to one factory: never faster than the contract allows, and after the factory has
 * complained, just below the pace that it was seen to bear. Orders get moments at even distances, not in bursts.
 */
export class Pace {
  readonly #options: PaceOptions;
  readonly #bakedAt: number[] = [];
  #learnt: { perSecond: number; at: number } | undefined;
  #nextAt = 0;

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  /** @returns how long to wait before sending, in ms; undefined when the next free moment is too far off */
  reserve(): number | undefined {
    const now = this.#options.now();
    const perSecond = this.#limit(now);
    if (perSecond === Infinity) return 0;
    const at = Math.max(this.#nextAt, now - 1_000 / perSecond);
    if (at - now > farthestMs) return undefined;
    this.#nextAt = at + 1_000 / perSecond;
    return Math.max(0, at - now);
  }

  baked(): void {
    const now = this.#options.now();
    this.#bakedAt.push(now);
    while (this.#bakedAt[0]! <= now - 1_000) this.#bakedAt.shift();
  }

  /** The factory complained that it is sent too much. */
  throttled(): void {
    const now = this.#options.now();
    const sinceLast = this.#learnt ? now - this.#learnt.at : Infinity;
    if (sinceLast < bunchMs) return;
    // Soon after the last complaint the second before holds a pause, and tells nothing of the pace.
    const lastSecond = this.#bakedAt.filter((at) => at > now - 1_000).length;
    const seen = this.#learnt && sinceLast < soonMs ? this.#learnt.perSecond * 0.9 : lastSecond * caution;
    this.#learnt = { perSecond: Math.max(1, seen), at: now };
    this.#nextAt = 0;
  }

  #limit(now: number): number {
    const { maxRps = Infinity, workers } = this.#options;
    return Math.min(maxRps / Math.max(1, workers()), this.#learntLimit(now));
  }

  #learntLimit(now: number): number {
    if (this.#learnt === undefined) return Infinity;
    const age = now - this.#learnt.at;
    if (age > forgetMs) return Infinity;
    return this.#learnt.perSecond * growth ** (Math.max(0, age - holdMs) / 1_000);
  }
}
