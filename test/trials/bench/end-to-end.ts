import type { Contender } from './contender.ts';
import { placeOpen } from './place-orders.ts';
import { figuresOf, quantile, type Figure } from './statistics.ts';

export type EndToEndRound = { p50Ms: number; p99Ms: number };

export type EndToEndOptions = {
  rounds: number;
  perSecond: number;
  seconds: number;
  signal: AbortSignal;
  say: (line: string) => void;
};

/** How long a diner waits for the receipt, at a steady rate of orders that do not wait for each other. */
export async function measureEndToEnd(
  contenders: readonly Contender[],
  { rounds, perSecond, seconds, signal, say }: EndToEndOptions,
): Promise<Record<keyof EndToEndRound, Figure>[]> {
  const measured = contenders.map((): EndToEndRound[] => []);
  for (const contender of contenders) {
    await contender.startWorker();
    await placeOpen(contender, { perSecond: perSecond / 2, orders: perSecond, signal });
  }
  for (let round = 1; round <= rounds; round += 1) {
    for (const [i, contender] of contenders.entries()) {
      const { latenciesMs } = await placeOpen(contender, { perSecond, orders: perSecond * seconds, signal });
      const one = { p50Ms: quantile(latenciesMs, 0.5), p99Ms: quantile(latenciesMs, 0.99) };
      measured[i]!.push(one);
      say(
        `e2e ${perSecond}/s ${round}/${rounds}  ${contender.name.padEnd(14)} p50 ${one.p50Ms.toFixed(1)} ms, p99 ${one.p99Ms.toFixed(1)} ms`,
      );
    }
  }
  for (const contender of contenders) await contender.stopWorker();
  return measured.map(figuresOf);
}
