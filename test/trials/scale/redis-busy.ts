import type { Connection } from './scale-shop.ts';
import { spreadOf, type Spread } from './spread.ts';

/**
 * How long Redis worked, in ms: for each command, by the clock on the wall, and for all of them on the processor. On a busy
 * machine the wall's clock counts also how long Redis was kept waiting for a processor.
 */
export type RedisBusy = { call: Spread; cpu: number; calls: number };

/** Runs something, and asks Redis what it did for it: its slow log is told to keep every command. */
export async function whileWatchingRedis<T>(
  redis: Connection,
  work: () => Promise<T>,
): Promise<{ result: T; busy: RedisBusy }> {
  await redis.config('SET', 'slowlog-max-len', 200_000);
  await redis.config('SET', 'slowlog-log-slower-than', 0);
  await redis.slowlog('RESET');
  const before = await cpuMs(redis);
  const result = await work();
  const cpu = (await cpuMs(redis)) - before;
  await redis.config('SET', 'slowlog-log-slower-than', -1);
  const entries = (await redis.slowlog('GET', 200_000)) as [
    id: number,
    at: number,
    microseconds: number,
    command: string[],
  ][];
  const scripts = entries.filter(([, , , [name]]) => name?.startsWith('eval'));
  const calls = scripts.map(([, , microseconds]) => microseconds / 1_000);
  return { result, busy: { call: spreadOf(calls), cpu, calls: calls.length } };
}

async function cpuMs(redis: Connection): Promise<number> {
  const info = await redis.info('cpu');
  const seconds = ['user', 'sys'].map((kind) =>
    Number(new RegExp(`used_cpu_${kind}_main_thread:([\\d.]+)`).exec(info)![1]),
  );
  return seconds.reduce((sum, each) => sum + each, 0) * 1_000;
}
