import { setTimeout as pause } from 'node:timers/promises';
import {
  isRedisTrouble,
  type Ledger,
  type OrderQueue,
  type RedisWatch,
  type Replicas,
  type Rest,
  type Restored,
  type RestoreProgress,
} from '@proofbox/ledger';
import type { Journal, JournaledOrder, JournalFile } from '@proofbox/outbox';
import type { Events } from '../telemetry/events.ts';

export type RestorerOptions = {
  journal: Journal;
  ledger: Pick<Ledger, 'statesOf' | 'restore'>;
  queue: Pick<OrderQueue, 'addAll'>;
  replicas: Replicas;
  watch: Pick<RedisWatch, 'ask' | 'condition'>;
  events: Pick<Events, 'putBack' | 'notPutBack' | 'restoreFailed' | 'restoreDone' | 'journalBroken'>;
  /** Whether every factory may be sent an order twice. */
  areRepeatable: boolean;
  /** Told now and then, and at the end. */
  tell: (progress: RestoreProgress) => Promise<void>;
  now?: () => number;
};

type OrderFile = Pick<JournalFile, 'orders' | 'read'>;

/** New orders come first: Redis gets small bites, and some time in between. */
const lookedAtAtOnce = 200;
const restMs = 10;
const retryMs = 500;
const tellEveryMs = 1_000;

/**
 * Puts back into Redis, from the journals of this folder, what it has lost. Each order that is missing is accepted again,
 * with the time of its promise, at rest where the journal knows how it came to rest. What is done twice is done once.
 */
export class Restorer implements AsyncDisposable {
  readonly #options: RestorerOptions;
  readonly #now: () => number;
  readonly #stopping = new AbortController();
  #isDue = false;
  #running: Promise<void> | undefined;
  #progress: RestoreProgress | undefined;
  #toldAt = -Infinity;

  constructor(options: RestorerOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** From `start` until all journals have been gone through. */
  get isDue(): boolean {
    return this.#isDue;
  }

  /** Of the last time, or of this one. */
  get progress(): RestoreProgress | undefined {
    return this.#progress;
  }

  /** Begins; where it has begun already, it begins anew after that, for Redis may have lost something again. */
  start(): void {
    this.#isDue = true;
    const before = this.#running ?? Promise.resolve();
    const mine = before
      .then(() => this.#restoreAll())
      .then(() => {
        if (this.#running === mine) this.#isDue = this.#stopping.signal.aborted;
      });
    this.#running = mine;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #restoreAll(): Promise<void> {
    const { journal, events } = this.#options;
    const progress: RestoreProgress = { of: 0, looked: 0, putBack: 0, failed: 0, isDone: false, at: 0 };
    this.#progress = progress;
    // Whoever finds this file after this process was killed goes on.
    journal.change((file) => file.setDue(true));
    const own: OrderFile = {
      orders: journal.orders,
      read: (...slice) => journal.look((file) => file.read(...slice)) ?? [],
    };
    try {
      await this.#restoreFrom(own, progress);
    } catch (error) {
      events.journalBroken(error);
    }
    await journal.withAbandoned(
      async (file) => {
        await this.#restoreFrom(file, progress);
        if (!this.#stopping.signal.aborted) file.setDue(false);
      },
      (error) => events.journalBroken(error),
    );
    if (this.#stopping.signal.aborted) return;
    journal.change((file) => file.setDue(false));
    // What could not be read, or not to its end.
    progress.failed += progress.of - progress.looked;
    progress.isDone = true;
    events.restoreDone(progress);
    await this.#patiently(() => this.#tell(progress));
  }

  async #restoreFrom(file: OrderFile, progress: RestoreProgress): Promise<void> {
    progress.of += file.orders;
    let after = 0;
    // What is written while this goes on is in the Redis that is there now.
    for (let left = file.orders; left > 0 && !this.#stopping.signal.aborted;) {
      const broken: number[] = [];
      const some = file.read(after, Math.min(left, lookedAtAtOnce), (seq, error) => {
        broken.push(seq);
        this.#options.events.journalBroken(error);
      });
      if (some.length + broken.length === 0) return;
      await this.#patiently(() => this.#restoreSome(some, progress));
      after = Math.max(...broken, ...some.map(({ seq }) => seq));
      left -= some.length + broken.length;
      progress.looked += some.length;
      if (this.#now() - this.#toldAt >= tellEveryMs) await this.#patiently(() => this.#tell(progress));
      await this.#pause(restMs);
    }
  }

  async #restoreSome(some: JournaledOrder[], progress: RestoreProgress): Promise<void> {
    const { ledger, queue, replicas, watch, events } = this.#options;
    const states = await watch.ask(() => ledger.statesOf(some.map(({ order }) => order.id)));
    const due = some.filter(({ rest }, i) => isBehind(states[i], rest));
    if (due.length === 0) return;
    const outcomes = await watch.ask(() => Promise.allSettled(due.map((each) => this.#restoreOne(each))));
    const trouble = outcomes.find((each) => each.status === 'rejected' && isRedisTrouble(each.reason));
    if (trouble?.status === 'rejected') throw trouble.reason;

    const toBake: string[] = [];
    for (const [i, { order, rest }] of due.entries()) {
      const outcome = outcomes[i]!;
      const status = outcome.status === 'fulfilled' ? outcome.value : 'failed';
      events.putBack(status);
      if (status === 'restored' || status === 'settled') progress.putBack += 1;
      if (status === 'failed' || status === 'conflict') {
        progress.failed += 1;
        events.notPutBack(order.id, outcome.status === 'rejected' ? outcome.reason : conflict);
      }
      if (status === 'restored' && rest === undefined && this.#options.areRepeatable) toBake.push(order.id);
    }
    await watch.ask(() => replicas.confirm());
    // An order that misses its job through a failure here gets it from the reconciler.
    await watch.ask(() => queue.addAll(toBake));
  }

  #restoreOne({ order, rest }: JournaledOrder): Promise<Restored> {
    const { ledger, areRepeatable } = this.#options;
    if (rest) return ledger.restore({ order, rest });
    if (areRepeatable) return ledger.restore({ order });
    const presumed: Rest = { state: 'held', reason: 'unknown_outcome', at: this.#now() };
    return ledger.restore({ order, presumed });
  }

  /** Tries until Redis takes it, or this process stops. */
  async #patiently(work: () => Promise<void>): Promise<void> {
    const { watch, events } = this.#options;
    while (!this.#stopping.signal.aborted) {
      if (watch.condition.state === 'fit') {
        try {
          return await work();
        } catch (error) {
          events.restoreFailed(error);
        }
      }
      await this.#pause(retryMs);
    }
  }

  async #tell(progress: RestoreProgress): Promise<void> {
    progress.at = this.#now();
    this.#toldAt = progress.at;
    await this.#options.watch.ask(() => this.#options.tell(progress));
  }

  async #pause(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}

const conflict = new Error(
  'Redis has another order under its Idempotency-Key, which was taken after the loss',
);

/** Whether Redis has less of an order than the journal. */
function isBehind(state: string | undefined, rest: Rest | undefined): boolean {
  if (state === undefined) return true;
  return rest !== undefined && state !== rest.state && state !== 'fulfilled' && state !== 'discarded';
}
