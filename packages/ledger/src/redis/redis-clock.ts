import type { Redis } from 'ioredis';
import { readRedisTime } from './read-redis-time.ts';

/**
 * Redis' own clock, by which everything is judged that several processes compare: between two measurements it goes on by
 * this process's monotonic time, so a step of this machine's clock does not move it.
 */
export type RedisClock = {
  /** ms since the epoch; by this machine's clock until the first measurement */
  now: () => number;
  /** How far this machine's clock is ahead, in ms; undefined before the first measurement. */
  skewMs(): number | undefined;
  /** Why nothing may expire now: one of the clocks is wrong, and nobody knows which. Undefined while all is well. */
  doubt(): string | undefined;
  /** Asks Redis. Call it every second or so. */
  measure(): Promise<void>;
};

/** A clock that differs by more is wrong, and not just imprecise. */
const mostSkewMs = 60_000;
/** So long after a jump of Redis' clock the operators know of it; if all clocks agree then, it is right. */
const doubtLastsMs = 3_600_000;
/** An answer that took longer says too little about the time. */
const slowestMs = 1_000;

/** @param input.wall this machine's clock, in ms since the epoch @param input.monotonic ms since any moment */
export function createRedisClock({
  redis,
  wall = Date.now,
  monotonic = () => performance.now(),
}: {
  redis: Pick<Redis, 'time' | 'status'>;
  wall?: () => number;
  monotonic?: () => number;
}): RedisClock {
  /** What has to be added to the monotonic time. */
  let offset: number | undefined;
  /** The last jump: when, by monotonic time, and what the offset was before. */
  let jump: { at: number; from: number } | undefined;

  function now(): number {
    return offset === undefined ? wall() : Math.round(monotonic() + offset);
  }

  function skewMs(): number | undefined {
    return offset === undefined ? undefined : wall() - now();
  }

  function learn(measured: number): void {
    const isBack = jump !== undefined && Math.abs(measured - jump.from) <= mostSkewMs;
    if (isBack) jump = undefined;
    else if (offset !== undefined && Math.abs(measured - offset) > mostSkewMs)
      jump = { at: monotonic(), from: offset };
    offset = measured;
  }

  return {
    now,
    skewMs,
    doubt() {
      const skew = skewMs() ?? 0;
      if (Math.abs(skew) > mostSkewMs)
        return `the clock of this machine and that of Redis differ by ${Math.round(Math.abs(skew) / 1_000)} s`;
      if (jump === undefined || monotonic() - jump.at > doubtLastsMs) return undefined;
      return `the clock of Redis has jumped by ${Math.round(Math.abs(offset! - jump.from) / 1_000)} s`;
    },
    async measure() {
      if (redis.status !== 'ready') return;
      const asked = monotonic();
      const at = await readRedisTime(redis);
      const answered = monotonic();
      if (answered - asked > slowestMs) return;
      learn(at - (asked + answered) / 2);
    },
  };
}
