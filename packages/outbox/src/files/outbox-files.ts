import fs from 'node:fs';
import type { Accepted, NewOrder, Settlement } from '@proofbox/ledger';
import { claimAbandoned, claimFirst, type Claim, type OutboxLocation } from './claims.ts';
import { OutboxFile, type TakenOrder } from './outbox-file.ts';
import type { PromisedOrder, RowState } from './outbox-row.ts';

/** The order could not be made durable on this machine's disk, and was not taken. */
export class OutboxError extends Error {
  override readonly name = 'OutboxError';
}

export type OutboxFilesOptions = OutboxLocation & {
  /** Most orders that wait for Redis. */
  maxOrders: number;
  /** Whether delivered orders are kept as second copies. */
  keepsCopies: boolean;
  now?: () => number;
  /** Called when the disk cannot be used for second copies, and again (undefined) when it can. */
  onTrouble: (trouble: string | undefined) => void;
  /** Called with the number of orders that have no second copy here. Redis has them all the same. */
  onMissed: (orders: number) => void;
};

type Put = {
  order: PromisedOrder;
  resolve: (taken: Accepted) => void;
  reject: (error: OutboxError) => void;
};

/** What is written with the next commit. */
type Pending = { puts: Put[]; copies: PromisedOrder[]; settled: [id: string, settlement: Settlement][] };

/** How often a disk that failed is tried again, at most. */
const retryEveryMs = 1_000;
/** As much as a full outbox of the default size takes; on a small disk, a tenth of it. */
const leastFreeBytes = 100 * 1024 * 1024;

/**
 * The files that this process holds: its own, into which it writes, and those of processes that are gone, as long as they
 * have something to deliver. What arrives within one turn of the event loop shares one transaction, and one sync where an
 * order is promised by it.
 */
export class OutboxFiles implements Disposable {
  readonly #options: OutboxFilesOptions;
  readonly #now: () => number;
  #own: OutboxFile | undefined;
  #takenOver: OutboxFile[] = [];
  /** How many are at work with the files that were taken over. */
  #users = 0;
  #pending: Pending = { puts: [], copies: [], settled: [] };
  #committing: Promise<void> | undefined;
  #trouble: string | undefined;
  #lacksRoom = false;
  #reported: string | undefined;
  #triedAt = -Infinity;
  #lookedForRoomAt = -Infinity;

  constructor(options: OutboxFilesOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.change(() => {});
  }

  /** The one into which it writes; undefined while the disk cannot be used. A restarted process finds its own. */
  get own(): OutboxFile | undefined {
    return this.#own;
  }

  /** Its own comes first. */
  get all(): OutboxFile[] {
    return this.#own ? [this.#own, ...this.#takenOver] : this.#takenOver;
  }

  count(state: RowState): number {
    return this.all.reduce((sum, { counts }) => sum + counts[state], 0);
  }

  /** When the oldest order that waits for Redis was promised, in ms since the epoch. */
  get oldestAt(): number | undefined {
    const waiting = this.all.filter(({ counts }) => counts.undelivered > 0);
    const ages = waiting.map((file) => file.oldestAt()).filter((at) => at !== undefined);
    return ages.length === 0 ? undefined : Math.min(...ages);
  }

  /** Why no order would be taken now, as text for an operator. A disk that failed is tried again first. */
  obstacle(): string | undefined {
    if (this.#trouble !== undefined && !this.#wasJust(this.#triedAt))
      this.change((file) => file.tryToWrite(this.#now()));
    const { maxOrders } = this.#options;
    const isFull = this.count('undelivered') >= maxOrders;
    const full = isFull
      ? `the outbox is full: it has the ${maxOrders} orders of OUTBOX_MAX_ORDERS`
      : undefined;
    return this.#brokenDisk ?? full;
  }

  /** Why no second copies are kept, as text for an operator; undefined also where none are wanted. */
  get copyObstacle(): string | undefined {
    const { folder, keepsCopies } = this.#options;
    if (!keepsCopies) return undefined;
    const noRoom = `the outbox in ${folder} keeps no copies: what is left of the disk is left to orders that Redis does not have`;
    return this.#brokenDisk ?? (this.#lacksRoom ? noRoom : undefined);
  }

  get #brokenDisk(): string | undefined {
    if (this.#trouble === undefined) return undefined;
    return `the outbox in ${this.#options.folder} cannot be used: ${this.#trouble}`;
  }

  /**
   * Takes an order that Redis could not take, once: on the disk when this resolves.
   * @throws OutboxError when the disk does not take it, or there are too many
   */
  put(order: NewOrder): Promise<Accepted> {
    const { promise, resolve, reject } = Promise.withResolvers<Accepted>();
    this.#pending.puts.push({ order: this.#dated(order), resolve, reject });
    void this.#commitSoon();
    return promise;
  }

  /**
   * Keeps a second copy of an order that Redis has: when this resolves it outlives the process. Where the disk does not
   * take it, it resolves all the same, and `onMissed` is called.
   */
  async keep(order: PromisedOrder): Promise<void> {
    if (!this.#options.keepsCopies) return;
    this.#pending.copies.push(order);
    await this.#commitSoon();
  }

  /** Writes down how an order was settled, if its copy is here. */
  settle(id: string, settlement: Settlement): void {
    this.#pending.settled.push([id, settlement]);
    void this.#commitSoon();
  }

  /** The order that this one repeats, if it waits here for Redis, and when that was promised (ms since the epoch). */
  recall(order: NewOrder): (Accepted & { acceptedAt: number }) | undefined {
    return recallFrom(this.all, this.#dated(order));
  }

  /** An order that waits here for Redis. */
  find(id: string): PromisedOrder | undefined {
    const waiting = this.all.filter(({ counts }) => counts.undelivered > 0);
    return waiting.map((file) => file.find(id)).find((found) => found !== undefined);
  }

  /** Changes its own file. @returns undefined when the disk failed */
  change<T>(work: (file: OutboxFile) => T): T | undefined {
    this.#triedAt = this.#now();
    try {
      this.#own ??= open(claimFirst(this.#options));
      const done = work(this.#own);
      this.#setTrouble(undefined);
      return done;
    } catch (error) {
      this.#setTrouble((error as Error).message);
      return undefined;
    }
  }

  /** Takes over what processes that are gone left in the folder. @returns the files that were taken over now */
  takeOver(onBroken: (error: Error) => void): OutboxFile[] {
    const before = this.#takenOver.length;
    try {
      for (const claim of claimAbandoned(this.#options)) {
        try {
          this.#takenOver.push(open(claim));
        } catch (cause) {
          onBroken(new Error(`${claim.file} cannot be used: ${(cause as Error).message}`, { cause }));
        }
      }
    } catch (error) {
      onBroken(error as Error);
    }
    return this.#takenOver.slice(before);
  }

  /**
   * Does something with the files of processes that are gone. Those that have nothing to deliver are left to others after
   * that, such as to their own process when it is back. @param takeOver called first
   */
  async withTakenOver(takeOver: () => void, work: (files: OutboxFile[]) => Promise<void>): Promise<void> {
    this.#users += 1;
    try {
      takeOver();
      await work(this.#takenOver);
    } finally {
      this.#users -= 1;
      if (this.#users === 0) this.#close(({ isDue }) => !isDue);
    }
  }

  [Symbol.dispose](): void {
    this.#commit();
    this.#close(() => true);
    this.#own?.[Symbol.dispose]();
    this.#own = undefined;
  }

  #close(isToClose: (file: OutboxFile) => boolean): void {
    for (const file of this.#takenOver.filter(isToClose)) file[Symbol.dispose]();
    this.#takenOver = this.#takenOver.filter((file) => !isToClose(file));
  }

  #dated(order: NewOrder): PromisedOrder {
    return { ...order, acceptedAt: this.#now() };
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
    const pending = this.#pending;
    const { puts, copies, settled } = pending;
    this.#pending = { puts: [], copies: [], settled: [] };
    if (copies.length > 0 && !this.#hasRoom()) this.#miss(pending);
    if (puts.length + pending.copies.length + settled.length === 0) return;
    // Nobody waits for a copy or a settlement: they leave a disk that has just failed alone.
    const isTried = puts.length > 0 || this.#trouble === undefined || !this.#wasJust(this.#triedAt);
    const taken = isTried ? this.change((file) => this.#write(file, pending)) : undefined;
    if (!taken) this.#miss(pending);
    for (const [i, put] of puts.entries()) answer(put, taken?.[i], this.obstacle());
  }

  #write(file: OutboxFile, { puts, copies, settled }: Pending): TakenOrder[] {
    const at = this.#now();
    const write = (): TakenOrder[] => {
      for (const order of copies) file.keep(order, at);
      for (const [id, settlement] of settled) file.settle(id, settlement);
      return puts.map(({ order }) => this.#take(file, order));
    };
    return file.commit(write, { isSynced: puts.length > 0 });
  }

  /** What a process that is gone has promised counts as well. */
  #take(file: OutboxFile, order: PromisedOrder): TakenOrder {
    const isFull = this.count('undelivered') >= this.#options.maxOrders;
    return recallFrom(this.#takenOver, order) ?? file.take(order, { isFull });
  }

  #miss(pending: Pending): void {
    if (pending.copies.length > 0) this.#options.onMissed(pending.copies.length);
    pending.copies = [];
  }

  /** Copies that fill the disk would leave no room for the orders of an outage. */
  #hasRoom(): boolean {
    if (this.#wasJust(this.#lookedForRoomAt)) return !this.#lacksRoom;
    this.#lookedForRoomAt = this.#now();
    try {
      const { bavail, blocks, bsize } = fs.statfsSync(this.#options.folder);
      this.#lacksRoom = bavail * bsize < Math.min(leastFreeBytes, (blocks * bsize) / 10);
    } catch {
      // A folder that is not there is reported when it is written to.
      this.#lacksRoom = false;
    }
    this.#report();
    return !this.#lacksRoom;
  }

  /** A clock that was set back since does not count: it would be so for as long as that. */
  #wasJust(at: number): boolean {
    return Math.abs(this.#now() - at) < retryEveryMs;
  }

  #setTrouble(trouble: string | undefined): void {
    this.#trouble = trouble;
    this.#report();
  }

  #report(): void {
    const trouble = this.#brokenDisk ?? this.copyObstacle;
    if (trouble === this.#reported) return;
    this.#reported = trouble;
    this.#options.onTrouble(trouble);
  }
}

/** @throws Error of SQLite when it is no file of ours; then it is left to others */
function open(claim: Claim): OutboxFile {
  try {
    return new OutboxFile(claim.file, claim);
  } catch (error) {
    claim[Symbol.dispose]();
    throw error;
  }
}

/** Asks the disk only where any order waits for Redis. */
function recallFrom(
  files: OutboxFile[],
  order: PromisedOrder,
): (Accepted & { acceptedAt: number }) | undefined {
  return files
    .filter(({ counts }) => counts.undelivered > 0)
    .map((file) => file.recall(order, ['undelivered']))
    .find((known) => known !== undefined);
}

function answer({ resolve, reject }: Put, taken: TakenOrder | undefined, obstacle = 'unknown'): void {
  if (taken === undefined || taken.status === 'full') reject(new OutboxError(obstacle));
  else resolve({ status: taken.status, id: taken.id });
}
