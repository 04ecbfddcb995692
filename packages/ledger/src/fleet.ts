import type { Redis } from 'ioredis';
import { readLua } from './lua-source.ts';
import type { Names } from './names.ts';

/** How many workers are alive, and which of them this one is: 0 for the first. */
export type FleetPlace = { workers: number; rank: number };

/** A worker that has not been heard of for so long does not count any more. */
const silenceMs = 5_000;

export type Fleet = AsyncDisposable & {
  /** As of the last heartbeat; alone before the first. */
  place(): FleetPlace;
  /** Says that this worker is alive. */
  beat(): Promise<void>;
};

/** The roll of living workers, by which they share what a factory can take. Disposing signs off. */
export function joinFleet({ redis, names, worker }: { redis: Redis; names: Names; worker: string }): Fleet {
  redis.defineCommand('heartbeat', { numberOfKeys: 1, lua: readLua('heartbeat') });
  let place: FleetPlace = { workers: 1, rank: 0 };
  return {
    place: () => place,
    async beat() {
      const heartbeat = (
        redis as unknown as { heartbeat(...args: (string | number)[]): Promise<[number, number]> }
      ).heartbeat;
      const [workers, rank] = await heartbeat.call(redis, names.workers, worker, Date.now(), silenceMs);
      place = { workers, rank };
    },
    async [Symbol.asyncDispose]() {
      if (redis.status === 'ready') await redis.zrem(names.workers, worker);
    },
  };
}

/** This worker's part of `places` that the fleet shares; the first workers get what does not divide. */
export function shareOf(places: number, { workers, rank }: FleetPlace): number {
  return Math.floor(places / workers) + (rank < places % workers ? 1 : 0);
}
