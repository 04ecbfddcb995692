/** With each order so much is left of what was seen before it ... */
const leftPerOrder = 0.95;
/** ... and with time half of it. */
const halfLifeMs = 10 * 60_000;
/** A factory of which little was seen is taken for one that bakes. */
const trust = 2;
/** A row this rare among orders that fail by chance means that the factory is down. */
const rareEnough = 0.002;
const shortestRow = 3;
const longestRow = 12;
/** Where more fail than this, and some are baked, it is worth asking again at once. */
const worthRepeating = 0.08;

/**
 * The share of orders that fail at a factory which bakes others meanwhile. A row of failures counts only once an order
 * is baked after it: until then it may be an outage, which says nothing about how the factory is when it is up.
 */
export class FailShare {
  #failed = 0;
  #baked = 0;
  #row = 0;
  #seenAt = 0;

  /** @param isFresh the order never failed there before: only such ones are counted, also among those that failed */
  baked(now: number, isFresh: boolean): void {
    this.#age(now);
    this.#failed += this.#row;
    if (isFresh) this.#baked += 1;
    this.#row = 0;
  }

  failed(now: number): void {
    this.#age(now);
    this.#row += 1;
  }

  /** The row was an outage. */
  forgetRow(): void {
    this.#row = 0;
  }

  /** In [0, 1). */
  get share(): number {
    return this.#failed / (this.#failed + this.#baked + trust);
  }

  /** So many distinct orders in a row are no chance any more. */
  get rowNeeded(): number {
    if (this.share === 0) return shortestRow;
    const row = Math.ceil(Math.log(rareEnough) / Math.log(this.share));
    return Math.min(Math.max(row, shortestRow), longestRow);
  }

  /** It fails some and bakes some: another call may well be baked. */
  get isMixed(): boolean {
    return this.share >= worthRepeating && this.#baked > 0.5;
  }

  #age(now: number): void {
    const elapsedMs = this.#seenAt === 0 ? 0 : Math.max(0, now - this.#seenAt);
    const factor = leftPerOrder * 0.5 ** (elapsedMs / halfLifeMs);
    this.#failed *= factor;
    this.#baked *= factor;
    this.#seenAt = now;
  }
}
