import { statfsSync } from 'node:fs';
import type { Rest } from '@proofbox/ledger';
import { claimFirst, familyOf, withAbandoned, type Claim } from './claims.ts';
import { JournalFile } from './journal-file.ts';
import type { SpooledOrder } from './spool-file.ts';

export type JournalOptions = {
  folder: string;
  keyTag: string;
  now?: () => number;
  /** Told when the disk cannot be used, and again (undefined) when it can. */
  onTrouble: (trouble: string | undefined) => void;
  /** Told of orders that could not be written down. Redis has them all the same. */
  onMissed: (orders: number) => void;
};

/** How often a disk that failed is tried again, at most. */
const retryEveryMs = 1_000;
/** As much as a full spool of the default size takes; on a small disk, a tenth of it. */
const leastFreeBytes = 100 * 1024 * 1024;

/**
 * A second copy of the orders that Redis has taken, on this machine's disk, should Redis lose its own. It never refuses
 * an order and never fails one. What arrives within one turn of the event loop shares one transaction.
 */
export class Journal implements Disposable {
  readonly #options: JournalOptions;
  readonly #now: () => number;
  #claim: Claim | undefined;
  #file: JournalFile | undefined;
  #arrivals: SpooledOrder[] = [];
  #rests: [id: string, rest: Rest][] = [];
  #committing: Promise<void> | undefined;
  #trouble: string | undefined;
  #lacksRoom = false;
  #told: string | undefined;
  #triedAt = -Infinity;
  #lookedForRoomAt = -Infinity;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#attempt(() => {});
  }

  /** The number of its file: the same one after a restart, as a rule. */
  get number(): number | undefined {
    return this.#claim?.number;
  }

  /** Orders in this process's own file. */
  get orders(): number {
    return this.#file?.orders ?? 0;
  }

  /** Why nothing can be written down, in words for an operator. */
  get obstacle(): string | undefined {
    if (this.#trouble !== undefined)
      return `the journal in ${this.#options.folder} cannot be used: ${this.#trouble}`;
    return this.#lacksRoom
      ? `the journal in ${this.#options.folder} takes no orders: what is left of the disk is left to the spool`
      : undefined;
  }

  /**
   * Writes an order down: when this resolves it outlives the process. Where the disk does not take it, it resolves all
   * the same, and `onMissed` is told.
   */
  keep(order: SpooledOrder): Promise<void> {
    this.#arrivals.push(order);
    return this.#commitSoon();
  }

  /** Writes down how an order came to rest, if this journal has it. */
  rest(id: string, rest: Rest): void {
    this.#rests.push([id, rest]);
    void this.#commitSoon();
  }

  /** Reads in this process's own file. @throws Error of SQLite when it is broken; @returns undefined without a file */
  look<T>(work: (file: JournalFile) => T): T | undefined {
    return this.#file && work(this.#file);
  }

  /** Changes this process's own file. @returns undefined when the disk failed, now or a moment ago */
  change<T>(work: (file: JournalFile) => T): T | undefined {
    return this.#attempt(work);
  }

  /** Does something with the files of processes that are gone, one after the other. A broken one is told and left. */
  async withAbandoned(
    work: (file: JournalFile) => Promise<void>,
    onBroken: (error: Error) => void,
  ): Promise<void> {
    await withAbandoned(familyOf({ ...this.#options, kind: 'journal' }), async (name) => {
      try {
        using file = new JournalFile(name);
        await work(file);
      } catch (cause) {
        onBroken(new Error(`${name} cannot be gone through: ${(cause as Error).message}`, { cause }));
      }
    }).catch(onBroken);
  }

  [Symbol.dispose](): void {
    this.#commit();
    this.#file?.[Symbol.dispose]();
    this.#claim?.[Symbol.dispose]();
    this.#file = undefined;
    this.#claim = undefined;
  }

  #commitSoon(): Promise<void> {
    this.#committing ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#committing = undefined;
        this.#commit();
        resolve();
      });
    });
    return this.#committing;
  }

  #commit(): void {
    const [arrivals, rests] = [this.#arrivals, this.#rests];
    this.#arrivals = [];
    this.#rests = [];
    if (arrivals.length + rests.length === 0) return;
    const at = this.#now();
    this.#lookForRoom();
    const isKept =
      !this.#lacksRoom &&
      this.#attempt((file) =>
        file.commit(() => {
          for (const order of arrivals) file.keep(order, at);
          for (const [id, rest] of rests) file.rest(id, rest);
          return true;
        }),
      );
    if (isKept !== true && arrivals.length > 0) this.#options.onMissed(arrivals.length);
  }

  /** A journal that fills the disk would leave no room for the orders of an outage. */
  #lookForRoom(): void {
    if (this.#wasJust(this.#lookedForRoomAt)) return;
    this.#lookedForRoomAt = this.#now();
    try {
      const { bavail, blocks, bsize } = statfsSync(this.#options.folder);
      this.#lacksRoom = bavail * bsize < Math.min(leastFreeBytes, (blocks * bsize) / 10);
    } catch {
      // A folder that is not there is told of when it is written to.
      this.#lacksRoom = false;
    }
    this.#tellTrouble();
  }

  /** @returns undefined when the disk failed, now or a moment ago */
  #attempt<T>(work: (file: JournalFile) => T): T | undefined {
    if (this.#trouble !== undefined && this.#wasJust(this.#triedAt)) return undefined;
    this.#triedAt = this.#now();
    try {
      this.#claim ??= claimFirst(familyOf({ ...this.#options, kind: 'journal' }));
      this.#file ??= new JournalFile(this.#claim.file);
      const done = work(this.#file);
      this.#setTrouble(undefined);
      return done;
    } catch (error) {
      this.#setTrouble((error as Error).message);
      return undefined;
    }
  }

  /** Not either when the clock was set back since: it would be so for as long as that. */
  #wasJust(at: number): boolean {
    return Math.abs(this.#now() - at) < retryEveryMs;
  }

  #setTrouble(trouble: string | undefined): void {
    this.#trouble = trouble;
    this.#tellTrouble();
  }

  #tellTrouble(): void {
    const { obstacle } = this;
    if (obstacle === this.#told) return;
    this.#told = obstacle;
    this.#options.onTrouble(obstacle);
  }
}
