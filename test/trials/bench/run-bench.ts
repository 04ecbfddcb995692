import { measureAccept } from './accept.ts';
import {
  startCeiling,
  startFactory,
  startPlain,
  startProofbox,
  type Contender,
  type ContenderOptions,
} from './contender.ts';
import { measureDrain } from './drain.ts';
import { measureEndToEnd } from './end-to-end.ts';
import { measureIdle } from './idle.ts';
import type { Part } from './options.ts';
import type { BenchResult } from './result.ts';

/** What a worker has in hand at a time, for both: the default of ours. */
const concurrency = 100;
const lanes = 64;
const rates = [100, 300, 1_000];

export type BenchOptions = {
  only: readonly Part[];
  rounds: number;
  orders: number;
  seconds: number | undefined;
  signal: AbortSignal;
  say: (line: string) => void;
};

/** Measures the parts asked for, one after the other. Each has contenders of its own, whose books begin empty. */
export async function runBench({
  only,
  rounds,
  orders,
  seconds,
  signal,
  say,
}: BenchOptions): Promise<BenchResult> {
  const result: BenchResult = {};
  const shared = { rounds, signal, say };
  if (only.includes('accept')) {
    await using pair = await openPair({ alg: 'EdDSA', concurrency, signal });
    await using ceiling = await startCeiling();
    const [proofbox, plain, top] = await measureAccept([...pair.contenders, ceiling], {
      ...shared,
      orders,
      lanes,
    });
    result.accept = { proofbox: proofbox!, plain: plain!, ceiling: top! };
  }
  if (only.includes('drain')) {
    result.drain = {};
    for (const alg of ['EdDSA', 'RS256'] as const) {
      await using pair = await openPair({ alg, concurrency, signal });
      const { factoryUrl } = pair;
      const [proofbox, plain] = await measureDrain(pair.contenders, { ...shared, orders, factoryUrl });
      result.drain[alg] = { proofbox: proofbox!, plain: plain! };
    }
  }
  if (only.includes('e2e')) {
    result.e2e = {};
    for (const perSecond of rates) {
      await using pair = await openPair({ alg: 'EdDSA', concurrency, signal });
      const [proofbox, plain] = await measureEndToEnd(pair.contenders, {
        ...shared,
        perSecond,
        seconds: seconds ?? 10,
      });
      result.e2e[perSecond] = { proofbox: proofbox!, plain: plain! };
    }
  }
  if (only.includes('idle')) {
    say('Watching a shop with nothing to do.');
    result.idle = await measureIdle({ seconds: seconds ?? 60, signal });
  }
  return result;
}

type Pair = AsyncDisposable & { contenders: [Contender, Contender]; factoryUrl: string };

/** Proofbox and plain BullMQ, before one factory. */
async function openPair(options: Omit<ContenderOptions, 'factoryUrl'>): Promise<Pair> {
  await using opening = new AsyncDisposableStack();
  const factory = opening.use(await startFactory(options.alg));
  const all = { ...options, factoryUrl: factory.url };
  const proofbox = opening.use(await startProofbox(all));
  const plain = opening.use(await startPlain(all));
  const opened = opening.move();
  return {
    contenders: [proofbox, plain],
    factoryUrl: factory.url,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
