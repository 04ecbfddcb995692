import { setTimeout as delay } from 'node:timers/promises';
import { cpuMsOf } from './cpu-time.ts';
import type { Contender } from './contender.ts';
import { placeClosed } from './place-orders.ts';
import { figuresOf, type Figure } from './statistics.ts';

export type DrainRound = { perSecond: number; workerCpuMs: number; redisCpuMs: number };

export type DrainOptions = {
  rounds: number;
  orders: number;
  factoryUrl: string;
  signal: AbortSignal;
  say: (line: string) => void;
};

/** How fast one worker of each contender bakes what waits. The time begins when the worker is ready. */
export async function measureDrain(
  contenders: readonly Contender[],
  { rounds, orders, factoryUrl, signal, say }: DrainOptions,
): Promise<Record<keyof DrainRound, Figure>[]> {
  const measured = contenders.map((): DrainRound[] => []);
  for (let round = 1; round <= rounds; round += 1) {
    for (const [i, contender] of contenders.entries()) {
      const one = await drainRound(contender, { orders, factoryUrl, signal });
      measured[i]!.push(one);
      say(
        `drain ${round}/${rounds}  ${contender.name.padEnd(14)} ${one.perSecond.toFixed(0).padStart(6)} a second`,
      );
    }
  }
  return measured.map(figuresOf);
}

async function drainRound(
  contender: Contender,
  { orders, factoryUrl, signal }: { orders: number; factoryUrl: string; signal: AbortSignal },
): Promise<DrainRound> {
  await placeClosed(contender, { lanes: 64, orders, signal });
  const before = await bakedBy(factoryUrl);
  await contender.startWorker();
  const { worker, redis } = contender.pids;
  const from = {
    at: performance.now(),
    baked: await bakedBy(factoryUrl),
    worker: cpuMsOf(worker),
    redis: cpuMsOf(redis),
  };
  let baked = from.baked;
  while (baked < before + orders) {
    signal.throwIfAborted();
    await delay(20);
    baked = await bakedBy(factoryUrl);
  }
  const elapsedMs = performance.now() - from.at;
  const drained = baked - from.baked;
  const perThousand = (ms: number): number => (ms * 1_000) / drained;
  const round = {
    perSecond: (drained * 1_000) / elapsedMs,
    workerCpuMs: perThousand(cpuMsOf(worker) - from.worker),
    redisCpuMs: perThousand(cpuMsOf(redis) - from.redis),
  };
  await contender.stopWorker();
  return round;
}

async function bakedBy(factoryUrl: string): Promise<number> {
  return ((await (await fetch(`${factoryUrl}/count`)).json()) as { baked: number }).baked;
}
