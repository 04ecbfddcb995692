import type { OrderJob } from '@proofbox/contract';
import { DelayedError, WaitingError, Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Names } from '../redis/names.ts';
import { within } from '../redis/within.ts';

/**
 * What becomes of the job: done with, looked at again in so many ms, or given back to the head of the queue untouched.
 */
export type JobDecision = { next: 'done' } | { next: 'later'; inMs: number } | { next: 'back' };

export type OrderConsumerOptions = {
  redis: Redis;
  names: Names;
  /**
   * `signal` aborts when this worker must let go of the order: its lock was lost, or the process is stopping.
   * `checkHold` aborts it also when the lock may be lost and Redis was away too long to say so: to be called before
   * anything that must not happen twice.
   */
  handle: (orderId: string, signal: AbortSignal, checkHold: () => void) => Promise<JobDecision>;
  onError: (error: Error) => void;
};

export type OrderConsumer = {
  /** How many orders may be in hand at once from now on; 0: idle, nothing is taken, nothing moves in Redis. */
  setLimit(orders: number): void;
  /** When the queue last gave it an order, by `performance.now`; 0 before the first. */
  readonly lastFetchedAt: number;
  /** It should take any order that waits: it is not idle, does not stop, and has less in hand than it may. */
  readonly isHungry: boolean;
  /** Ids of the orders it has in hand. */
  readonly inHand: string[];
  /** Takes a new BullMQ worker in place of one that does nothing; what that one has in hand is finished. */
  replaceWorker(): void;
  /**
   * Takes no more jobs, lets those in hand finish for `graceMs`, then aborts them and gives them `graceMs` more
   * to write down what happened. Never hangs: what is left after that is found by the other workers.
   */
  stop(graceMs: number): Promise<void>;
};

/** How long a dead worker's job stays its own. Renewed at half of it; short, because a diner waits for that order. */
const lockMs = 10_000;
/** So long after the lock was taken or renewed it is surely there; a worker that reaches Redis renews it sooner. */
const sureOfLockMs = 8_000;
const stalledCheckMs = 5_000;
/** When `handle` itself broke (a bug, or Redis): the job is looked at again after this. */
const brokenRetryMs = 5_000;

/** Feeds orders from the queue to `handle`. It is idle until `setLimit` says how many at a time. */
export function createOrderConsumer(options: OrderConsumerOptions): OrderConsumer {
  const inHand = new Map<string, Hold>();
  const underWay = new Set<Promise<void>>();
  let limit = 0;
  let idle = true;
  let stopping = false;
  let lastFetchedAt = 0;

  function process(job: Job<OrderJob>, token: string | undefined): Promise<void> {
    const work = handle(job, token);
    underWay.add(work);
    return work.finally(() => underWay.delete(work));
  }

  async function handle(job: Job<OrderJob>, token: string | undefined): Promise<void> {
    lastFetchedAt = performance.now();
    const hold: Hold = { abort: new AbortController(), lockedAt: lastFetchedAt };
    const { signal } = hold.abort;
    inHand.set(job.id!, hold);
    try {
      // BullMQ's blocked fetch may still bring one after it was paused.
      if (idle || stopping) return await dispose(job, token, { next: 'back' });
      const decision = await options
        .handle(job.data.orderId, signal, () => checkHold(hold))
        .catch((error: Error): JobDecision => {
          options.onError(error);
          return { next: 'later', inMs: brokenRetryMs };
        });
      return await dispose(job, token, decision);
    } finally {
      if (inHand.get(job.id!) === hold) inHand.delete(job.id!);
    }
  }

  function open(): Worker<OrderJob> {
    const opened = new Worker<OrderJob>(options.names.queueName, process, {
      connection: options.redis,
      prefix: options.names.queuePrefix,
      autorun: false,
      lockDuration: lockMs,
      stalledInterval: stalledCheckMs,
      // The ledger says when an order is given up; a job that lost its worker is simply taken again, however often.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      runRetryDelay: 1_000,
      drainDelay: 2,
      skipVersionCheck: true,
    });
    opened.on('error', options.onError);
    opened.on('locksRenewed', ({ jobIds }) => {
      for (const hold of jobIds.flatMap((id) => inHand.get(id) ?? [])) hold.lockedAt = performance.now();
    });
    opened.on('lockRenewalFailed', (ids) => {
      for (const id of ids) inHand.get(id)?.abort.abort(lockLost());
    });
    return opened;
  }

  let worker = open();

  return {
    setLimit(orders) {
      const isRaised = orders > limit;
      limit = orders;
      if (orders > 0) worker.concurrency = orders;
      if (stopping) return;
      const isIdle = orders === 0;
      if (isIdle !== idle) {
        idle = isIdle;
        (isIdle ? worker.pause(true) : worker.resume()).catch(options.onError);
      } else if (isRaised && worker.isRunning()) {
        // BullMQ's loop sleeps until a job in hand ends, and would not see that it may take more: resuming wakes it.
        worker
          .pause(true)
          .then(() => worker.resume())
          .catch(options.onError);
      } else if (!isIdle && !worker.isRunning()) {
        // A resume that meets the very end of BullMQ's loop is lost, and the worker would sleep for ever.
        worker.run().catch(options.onError);
      }
    },
    get lastFetchedAt() {
      return lastFetchedAt;
    },
    get isHungry() {
      return !idle && !stopping && inHand.size < limit;
    },
    get inHand() {
      return [...inHand.keys()];
    },
    replaceWorker() {
      if (stopping) return;
      const old = worker;
      worker = open();
      // It closes when its jobs are done, or never: nobody waits for that.
      old.close().catch(options.onError);
      if (idle) return;
      worker.concurrency = limit;
      worker.run().catch(options.onError);
    },
    async stop(graceMs) {
      stopping = true;
      // One close: a second, forced one would do nothing. A worker that was replaced may have orders in hand, too.
      const closed = Promise.allSettled([worker.close().catch(options.onError), ...underWay]);
      await within(graceMs, closed);
      for (const { abort } of inHand.values()) abort.abort(new Error('the worker is stopping'));
      await within(graceMs, closed);
    },
  };
}

/** A job in hand, and when its lock was last taken or renewed, by `performance.now`. */
type Hold = { abort: AbortController; lockedAt: number };

/** While Redis is away no renewal can fail: the lock runs out, and nobody says so before Redis is back. */
function checkHold({ abort, lockedAt }: Hold): void {
  if (performance.now() - lockedAt > sureOfLockMs) abort.abort(lockLost());
}

function lockLost(): Error {
  return new Error('the lock on this job was lost');
}

/** Has BullMQ do with the job what was decided: it wants the move made first and the matching error thrown after it. */
async function dispose(job: Job<OrderJob>, token: string | undefined, decision: JobDecision): Promise<void> {
  switch (decision.next) {
    case 'done':
      return;
    case 'later':
      // BullMQ's delays go by the clock of the process that sets them and of the one that takes the job.
      await job.moveToDelayed(Date.now() + decision.inMs, token);
      throw new DelayedError();
    case 'back':
      await job.moveToWait(token);
      throw new WaitingError();
  }
}
