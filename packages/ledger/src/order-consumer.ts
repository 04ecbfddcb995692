import type { OrderJob } from '@proofbox/contract';
import { DelayedError, WaitingError, Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Names } from './names.ts';

/**
 * What becomes of the job: done with, looked at again at `at` (ms since the epoch), or given back to the head of
 * the queue untouched.
 */
export type JobVerdict = { next: 'done' } | { next: 'later'; at: number } | { next: 'back' };

export type OrderConsumerOptions = {
  redis: Redis;
  names: Names;
  /** `signal` aborts when this worker must let go of the order: its lock was lost, or the process is stopping. */
  handle: (orderId: string, signal: AbortSignal) => Promise<JobVerdict>;
  onError: (error: Error) => void;
};

export type OrderConsumer = {
  /** How many orders may be in hand at once from now on; 0 rests: nothing is taken, nothing moves in Redis. */
  setLimit(orders: number): void;
  /**
   * Takes no more jobs, lets those in hand finish for `graceMs`, then aborts them and gives them `graceMs` more
   * to write down what happened. Never hangs: what is left after that is found by the other workers.
   */
  stop(graceMs: number): Promise<void>;
};

/** How long a dead worker's job stays its own. Renewed at half of it; short, because a diner waits for that order. */
const lockMs = 10_000;
const stalledCheckMs = 5_000;
/** When `handle` itself broke (a bug, or Redis): the job is looked at again after this. */
const brokenRetryMs = 5_000;

/** Feeds orders from the queue to `handle`. It rests until `setLimit` says how many at a time. */
export function createOrderConsumer(options: OrderConsumerOptions): OrderConsumer {
  const inHand = new Map<string, AbortController>();
  let resting = true;
  let stopping = false;

  async function process(job: Job<OrderJob>, token: string | undefined): Promise<void> {
    const abort = new AbortController();
    inHand.set(job.id!, abort);
    try {
      // BullMQ's blocked fetch may still bring one after it was told to pause.
      if (resting || stopping) return await dispose(job, token, { next: 'back' });
      const verdict = await options
        .handle(job.data.orderId, abort.signal)
        .catch((error: Error): JobVerdict => {
          options.onError(error);
          return { next: 'later', at: Date.now() + brokenRetryMs };
        });
      return await dispose(job, token, verdict);
    } finally {
      if (inHand.get(job.id!) === abort) inHand.delete(job.id!);
    }
  }

  const worker = new Worker<OrderJob>(options.names.queueName, process, {
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
  worker.on('error', options.onError);
  worker.on('lockRenewalFailed', (ids) => {
    for (const id of ids) inHand.get(id)?.abort(new Error('the lock on this job was lost'));
  });

  return {
    setLimit(orders) {
      if (orders > 0) worker.concurrency = orders;
      if (stopping) return;
      const rest = orders === 0;
      if (rest !== resting) {
        resting = rest;
        (rest ? worker.pause(true) : worker.resume()).catch(options.onError);
      } else if (!rest && !worker.isRunning()) {
        // A resume that meets the very end of BullMQ's loop is lost, and the worker would sleep for ever.
        worker.run().catch(options.onError);
      }
    },
    async stop(graceMs) {
      stopping = true;
      // One close, and it waits for all in hand: a second, forced one would do nothing.
      const closed = worker.close().catch(options.onError);
      await within(graceMs, closed);
      for (const abort of inHand.values()) abort.abort(new Error('the worker is stopping'));
      await within(graceMs, closed);
    },
  };
}

/** Tells BullMQ what becomes of the job: it wants the move made first and the matching error thrown after it. */
async function dispose(job: Job<OrderJob>, token: string | undefined, verdict: JobVerdict): Promise<void> {
  switch (verdict.next) {
    case 'done':
      return;
    case 'later':
      await job.moveToDelayed(verdict.at, token);
      throw new DelayedError();
    case 'back':
      await job.moveToWait(token);
      throw new WaitingError();
  }
}

/** Waits for `work`, but not longer than `ms`. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work, late]);
  clearTimeout(timer);
}
