import type { FleetPosition } from '@proofbox/factory/breaker';
import type { Redis } from 'ioredis';
import { defineScript } from '../redis/define-script.ts';
import type { Names } from '../redis/names.ts';
import { readRedisTime } from '../redis/read-redis-time.ts';

/** A worker without a heartbeat for so long no longer counts. */
const silenceMs = 5_000;

export type Fleet = AsyncDisposable & {
  /** As of the last heartbeat; alone before the first. */
  position(): FleetPosition;
  /** Whether this worker is the first of the fleet; nobody is before its first heartbeat. */
  isFirst: () => boolean;
  /** Says that this worker is alive. */
  beat(): Promise<void>;
};

/** The roll of living workers, by which they share what a factory can take. Disposing signs off. */
export function joinFleet({ redis, names, worker }: { redis: Redis; names: Names; worker: string }): Fleet {
  const heartbeat = defineScript(redis, new URL('./heartbeat.lua', import.meta.url), { keys: 1 });
  let position: FleetPosition = { workers: 1, rank: 0 };
  let hasBeaten = false;
  return {
    position: () => position,
    isFirst: () => hasBeaten && position.rank === 0,
    async beat() {
      const reply = await heartbeat(names.workers, worker, silenceMs);
      const [workers, rank] = reply as [number, number];
      position = { workers, rank };
      hasBeaten = true;
    },
    async [Symbol.asyncDispose]() {
      if (redis.status === 'ready') await redis.zrem(names.workers, worker);
    },
  };
}

/** How many workers are alive, for a process that is none of them. */
export async function countWorkers({ redis, names }: { redis: Redis; names: Names }): Promise<number> {
  return redis.zcount(names.workers, `(${(await readRedisTime(redis)) - silenceMs}`, '+inf');
}
