import { setTimeout as delay } from 'node:timers/promises';
import { startStack } from '@proofbox/local';
import { cpuMsOf } from './cpu-time.ts';

/** Of one core, in percent: what each process of `npm start` uses with nothing to do. */
export type Idle = Record<string, number>;

export async function measureIdle({
  seconds,
  signal,
}: {
  seconds: number;
  signal: AbortSignal;
}): Promise<Idle> {
  await using stack = await startStack({ keyTag: 'bench-idle', signal });
  // What is done once, after a start, is no idling.
  await delay(5_000, undefined, { signal });
  const pids = new Map([...stack.processes.values()].map(({ name, pid }) => [name, pid]));
  if (stack.redis?.pid !== undefined) pids.set('redis', stack.redis.pid);
  const before = new Map([...pids].map(([name, pid]) => [name, cpuMsOf([pid])]));
  await delay(seconds * 1_000, undefined, { signal });
  const used = [...pids].map(
    ([name, pid]) => [name, (cpuMsOf([pid]) - before.get(name)!) / (seconds * 10)] as const,
  );
  return { ...Object.fromEntries(used), total: used.reduce((total, [, share]) => total + share, 0) };
}
