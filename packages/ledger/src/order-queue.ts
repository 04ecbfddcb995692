import { orderJob, type OrderJob } from '@proofbox/contract';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Names } from './names.ts';

export type JobCounts = { waiting: number; delayed: number; active: number };

export type OrderQueue = AsyncDisposable & {
  /** Puts an order on the to-do list. Adding one that is there already changes nothing. */
  add(orderId: string): Promise<void>;
  /** Which of these orders have no job. */
  missing(orderIds: string[]): Promise<string[]>;
  counts(): Promise<JobCounts>;
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
    async add(orderId) {
      await queue.add('order', orderJob.parse({ orderId }), { jobId: orderId });
    },
    async missing(orderIds) {
      const pipeline = redis.pipeline();
      for (const id of orderIds) pipeline.exists(queue.toKey(id));
      const replies = (await pipeline.exec()) ?? [];
      return orderIds.filter((_id, i) => replies[i]?.[1] === 0);
    },
    async counts() {
      const {
        waiting = 0,
        delayed = 0,
        active = 0,
      } = await queue.getJobCounts('waiting', 'delayed', 'active');
      return { waiting, delayed, active };
    },
    async [Symbol.asyncDispose]() {
      await queue.close();
    },
  };
}
