import { cpuMsOf } from './cpu-time.ts';
import type { Contender } from './contender.ts';
import { placeClosed } from './place-orders.ts';
import { figuresOf, quantile, type Figure } from './statistics.ts';

export type AcceptRound = {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Processor time of a thousand orders. */
  ingestCpuMs: number;
  redisCpuMs: number;
};

export type AcceptOptions = {
  rounds: number;
  orders: number;
  lanes: number;
  signal: AbortSignal;
  say: (line: string) => void;
};

/** How fast each contender takes orders, with no worker: one round of each after the other, so that the machine's moods meet all alike. */
export async function measureAccept(
  contenders: readonly Contender[],
  { rounds, orders, lanes, signal, say }: AcceptOptions,
): Promise<Record<keyof AcceptRound, Figure>[]> {
  const measured = contenders.map((): AcceptRound[] => []);
  for (const contender of contenders) await placeClosed(contender, { lanes, orders: orders / 4, signal });
  for (let round = 1; round <= rounds; round += 1) {
    for (const [i, contender] of contenders.entries()) {
      const one = await acceptRound(contender, { lanes, orders, signal });
      measured[i]!.push(one);
      say(
        `accept ${round}/${rounds}  ${contender.name.padEnd(14)} ${one.perSecond.toFixed(0).padStart(6)} a second`,
      );
    }
  }
  return measured.map(figuresOf);
}

async function acceptRound(
  contender: Contender,
  options: { lanes: number; orders: number; signal: AbortSignal },
): Promise<AcceptRound> {
  const { ingest, redis } = contender.pids;
  const before = { ingest: cpuMsOf(ingest), redis: cpuMsOf(redis) };
  const { latenciesMs, elapsedMs } = await placeClosed(contender, options);
  const perThousand = (ms: number): number => (ms * 1_000) / options.orders;
  return {
    perSecond: (options.orders * 1_000) / elapsedMs,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
    ingestCpuMs: perThousand(cpuMsOf(ingest) - before.ingest),
    redisCpuMs: perThousand(cpuMsOf(redis) - before.redis),
  };
}
