import type { Redis } from 'ioredis';

/** Waits until the replicas have what was written. */
export type Replicas = {
  /**
   * Resolves when enough replicas have all that this connection wrote before; on their disks, where Redis can say so.
   * @throws Error when they do not within the time: what was written is on the primary all the same
   */
  confirm(): Promise<void>;
};

export type ReplicasOptions = {
  redis: Redis;
  /** How many must have it. 0: nobody is asked. */
  atLeast: number;
  timeoutMs: number;
};

/**
 * One wait of Redis covers all that was written before it, so those who ask meanwhile share the next one. It holds up
 * whatever else is sent on its connection.
 */
export function watchReplicas({ redis, atLeast, timeoutMs }: ReplicasOptions): Replicas {
  let underWay: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  /** Redis has WAITAOF since 7.2. */
  let knowsWaitAof = true;

  async function wait(): Promise<void> {
    const reached = await countReached();
    if (reached >= atLeast) return;
    throw new Error(
      `only ${reached} of ${atLeast} replicas (REDIS_MIN_REPLICAS) have it after ${timeoutMs} ms`,
    );
  }

  async function countReached(): Promise<number> {
    if (knowsWaitAof) {
      try {
        return ((await redis.call('WAITAOF', 0, atLeast, timeoutMs)) as [number, number])[1];
      } catch (error) {
        if (!/unknown command/i.test((error as Error).message)) throw error;
        knowsWaitAof = false;
      }
    }
    return redis.wait(atLeast, timeoutMs);
  }

  function start(): Promise<void> {
    underWay = wait().finally(() => (underWay = undefined));
    return underWay;
  }

  return {
    async confirm() {
      if (atLeast === 0) return;
      if (underWay === undefined) return start();
      next ??= underWay
        .catch(() => undefined)
        .then(() => {
          next = undefined;
          return start();
        });
      return next;
    },
  };
}
