import { orderJob, type OrderJob } from '@proofbox/contract';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Names } from '../redis/names.ts';

const addedAtOnce = 200;

type JobCounts = { waiting: number; delayed: number; active: number };

export type OrderQueue = AsyncDisposable & {
  /**
   * Puts an order on the to-do list. Adding one that is there already changes nothing.
   * @param options.isNext before all that wait: its diner still does
   */
  add(orderId: string, options?: { isNext?: boolean }): Promise<void>;
  addAll(orderIds: readonly string[]): Promise<void>;
  /** Which of these orders have no job. */
  missing(orderIds: string[]): Promise<string[]>;
  /** Which of these orders have a job that a worker has in hand, or is just done with. */
  inHand(orderIds: readonly string[]): Promise<string[]>;
  /** Has these orders' jobs wait for nothing any more. */
  promote(orderIds: readonly string[]): Promise<void>;
  counts(): Promise<JobCounts>;
  /** How many jobs a worker could take now: those that wait, and those whose time has come a second ago. */
  due(): Promise<number>;
};

/** The to-do list of orders: a BullMQ queue whose job id is the order id, so that adding twice is harmless. */
export function createOrderQueue(input: {
  redis: Redis;
  names: Names;
  onError: (error: Error) => void;
}): OrderQueue {
  const { redis, names } = input;
  const queue = new Queue<OrderJob>(names.queueName, {
    connection: redis,
    prefix: names.queuePrefix,
    defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
    skipVersionCheck: true,
  });
  queue.on('error', input.onError);

  return {
    async add(orderId, { isNext = false } = {}) {
      const { name, data, opts } = toJob(orderId);
      await queue.add(name, data, { ...opts, lifo: isNext });
    },
    async addAll(orderIds) {
      for (let from = 0; from < orderIds.length; from += addedAtOnce)
        await queue.addBulk(orderIds.slice(from, from + addedAtOnce).map(toJob));
    },
    async missing(orderIds) {
      const pipeline = redis.pipeline();
      for (const id of orderIds) pipeline.exists(queue.toKey(id));
      const replies = (await pipeline.exec()) ?? [];
      return orderIds.filter((_id, i) => replies[i]?.[1] === 0);
    },
    async inHand(orderIds) {
      const pipeline = redis.pipeline();
      for (const id of orderIds) pipeline.exists(names.jobLock(id));
      const replies = (await pipeline.exec()) ?? [];
      return orderIds.filter((_id, i) => replies[i]?.[1] === 1);
    },
    async promote(orderIds) {
      for (const id of orderIds) {
        const job = await queue.getJob(id);
        // A worker may have taken it meanwhile.
        if (await job?.isDelayed()) await job!.promote();
      }
    },
    async counts() {
      const {
        waiting = 0,
        delayed = 0,
        active = 0,
      } = await queue.getJobCounts('waiting', 'delayed', 'active');
      return { waiting, delayed, active };
    },
    async due() {
      const [waiting, due] = await Promise.all([
        queue.getJobCounts('waiting'),
        // BullMQ keeps 12 bits beside the time.
        redis.zcount(names.job('delayed'), 0, (Date.now() - 1_000) * 0x1000),
      ]);
      return (waiting['waiting'] ?? 0) + due;
    },
    async [Symbol.asyncDispose]() {
      await queue.close();
    },
  };
}

function toJob(orderId: string) {
  return { name: 'order', data: orderJob.parse({ orderId }), opts: { jobId: orderId } };
}
