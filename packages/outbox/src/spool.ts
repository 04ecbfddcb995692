import type { Accepted, NewOrder } from '@proofbox/ledger';
import { claimSpool, type ClaimedSpool } from './spool-folder.ts';
import type { SpooledOrder, SpoolFile, SpoolReply } from './spool-file.ts';

/** The order could not be made durable on this machine's disk, and was not taken. */
export class SpoolError extends Error {
  override readonly name = 'SpoolError';
}

export type SpoolOptions = {
  folder: string;
  keyTag: string;
  maxOrders: number;
  now?: () => number;
  /** Told when the disk cannot be used, and again (undefined) when it can. */
  onTrouble: (trouble: string | undefined) => void;
};

type Arrival = {
  order: SpooledOrder;
  resolve: (status: Accepted) => void;
  reject: (error: SpoolError) => void;
};

/** How often a disk that failed is tried again, at most. */
const retryEveryMs = 1_000;

/**
 * Orders that were promised while Redis could not take them, on this machine's disk. What arrives within one turn of
 * the event loop shares one transaction and one fsync.
 */
export class Spool implements Disposable {
  readonly #options: SpoolOptions;
  readonly #now: () => number;
  #claimed: ClaimedSpool | undefined;
  #arrivals: Arrival[] = [];
  #trouble: string | undefined;
  #triedAt = -Infinity;

  constructor(options: SpoolOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#attempt(() => {});
  }

  /** Orders that wait for Redis. */
  get orders(): number {
    return this.#claimed?.file.orders ?? 0;
  }

  /** Orders that Redis refused and somebody has to look at. */
  get parked(): number {
    return this.#claimed?.file.parked ?? 0;
  }

  /** When the oldest order that waits was promised, in ms since the epoch. */
  get oldestAt(): number | undefined {
    return this.orders === 0 ? undefined : this.oldest(1)[0]?.acceptedAt;
  }

  /** Why it would take no order now, in words for an operator. A disk that failed is tried again first. */
  obstacle(): string | undefined {
    if (this.#trouble !== undefined && this.#now() - this.#triedAt >= retryEveryMs) {
      this.#attempt((file) => file.tryToWrite());
    }
    if (this.#trouble !== undefined)
      return `the spool in ${this.#options.folder} cannot be used: ${this.#trouble}`;
    if (this.orders < this.#options.maxOrders) return undefined;
    return `the spool is full: it has the ${this.#options.maxOrders} orders of SPOOL_MAX_ORDERS`;
  }

  /**
   * Takes an order in, once: on the disk when this resolves.
   * @throws SpoolError when the disk does not take it, or there are too many
   */
  put(order: NewOrder): Promise<Accepted> {
    const { promise, resolve, reject } = Promise.withResolvers<Accepted>();
    if (this.#arrivals.length === 0) setImmediate(() => this.#commitArrivals());
    this.#arrivals.push({ order: this.#dated(order), resolve, reject });
    return promise;
  }

  /** The order that this one repeats, if it waits here. Asks the disk only when any order does. */
  recall(order: NewOrder): (Accepted & { acceptedAt: number }) | undefined {
    return this.orders === 0 ? undefined : this.#claimed?.file.recall(this.#dated(order));
  }

  find(id: string): SpooledOrder | undefined {
    return this.orders === 0 ? undefined : this.#claimed?.file.find(id);
  }

  /** The oldest that wait, oldest first. */
  oldest(count: number): SpooledOrder[] {
    return this.orders === 0 ? [] : (this.#claimed?.file.oldest(count) ?? []);
  }

  /** Redis has the one, and does not take the other. @throws SpoolError when that cannot be written down */
  settle({ flushed, parked, why }: { flushed: SpooledOrder[]; parked: SpooledOrder[]; why: string }): void {
    this.#attempt((file) => file.settle({ flushed, parked, why }));
    if (this.#trouble !== undefined) throw new SpoolError(this.#trouble);
  }

  /**
   * Takes over what processes that are gone left in the folder.
   * @returns how many orders
   * @throws Error when one of their files cannot be read; that is no trouble of this one
   */
  adopt(): number {
    return this.obstacle() === undefined ? (this.#claimed?.adopt() ?? 0) : 0;
  }

  [Symbol.dispose](): void {
    this.#commitArrivals();
    this.#claimed?.[Symbol.dispose]();
    this.#claimed = undefined;
  }

  #dated(order: NewOrder): SpooledOrder {
    return { ...order, acceptedAt: this.#now() };
  }

  #commitArrivals(): void {
    const arrivals = this.#arrivals;
    this.#arrivals = [];
    if (arrivals.length === 0) return;
    const { maxOrders } = this.#options;
    const statuses = this.#attempt((file) =>
      file.commit(() => arrivals.map(({ order }) => file.take(order, maxOrders))),
    );
    for (const [i, arrival] of arrivals.entries()) tell(arrival, statuses?.[i], this.obstacle());
  }

  /** @returns undefined when the disk failed, which is then written down as the trouble */
  #attempt<T>(work: (file: SpoolFile) => T): T | undefined {
    this.#triedAt = this.#now();
    try {
      this.#claimed ??= claimSpool(this.#options);
      const done = work(this.#claimed.file);
      this.#setTrouble(undefined);
      return done;
    } catch (error) {
      this.#setTrouble((error as Error).message);
      return undefined;
    }
  }

  #setTrouble(trouble: string | undefined): void {
    const isNews = trouble !== this.#trouble;
    this.#trouble = trouble;
    if (isNews) this.#options.onTrouble(trouble);
  }
}

function tell({ resolve, reject }: Arrival, status: SpoolReply | undefined, obstacle = 'unknown'): void {
  if (status === undefined || status.status === 'full') reject(new SpoolError(obstacle));
  else resolve(status);
}
