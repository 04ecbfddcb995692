import type { AcceptRound } from './accept.ts';
import type { DrainRound } from './drain.ts';
import type { EndToEndRound } from './end-to-end.ts';
import type { Idle } from './idle.ts';
import type { Figure } from './statistics.ts';

type Of<R> = Record<keyof R, Figure>;

/** What was measured; a part that was not asked for is not there. */
export type BenchResult = {
  accept?: { proofbox: Of<AcceptRound>; plain: Of<AcceptRound>; ceiling: Of<AcceptRound> };
  drain?: Record<string, { proofbox: Of<DrainRound>; plain: Of<DrainRound> }>;
  e2e?: Record<string, { proofbox: Of<EndToEndRound>; plain: Of<EndToEndRound> }>;
  idle?: Idle;
};

/** The ratios that count, of medians within one run. */
export function toJson({ accept, drain, e2e, idle }: BenchResult): object {
  const drained = drain?.['EdDSA'];
  return {
    ...(accept && {
      acceptToHttpCeiling: ratio(accept.proofbox.perSecond, accept.ceiling.perSecond),
      acceptToPlain: ratio(accept.proofbox.perSecond, accept.plain.perSecond),
      acceptP99ToPlain: ratio(accept.proofbox.p99Ms, accept.plain.p99Ms),
      acceptCpuToPlain: ratio(accept.proofbox.ingestCpuMs, accept.plain.ingestCpuMs),
      redisCpuToPlain: ratio(accept.proofbox.redisCpuMs, accept.plain.redisCpuMs),
    }),
    ...(drained && {
      drainToPlain: ratio(drained.proofbox.perSecond, drained.plain.perSecond),
      drainCpuToPlain: ratio(drained.proofbox.workerCpuMs, drained.plain.workerCpuMs),
    }),
    ...(e2e && {
      e2e: Object.fromEntries(
        Object.entries(e2e).map(([rate, { proofbox, plain }]) => [
          rate,
          {
            p50Ms: rounded(proofbox.p50Ms.median),
            p99Ms: rounded(proofbox.p99Ms.median),
            plainP50Ms: rounded(plain.p50Ms.median),
            plainP99Ms: rounded(plain.p99Ms.median),
          },
        ]),
      ),
    }),
    ...(idle && { idleCpuPercent: rounded(idle['total']!) }),
  };
}

function ratio(one: Figure, other: Figure): number {
  return rounded(one.median / other.median);
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
