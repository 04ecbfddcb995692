import type { Result } from './result.ts';

const mostWithFallbackMs = 5_000;
const mostToRecoverMs = 15_000;

/** Where Proofbox was worse than it should be without failing anybody, in lines for a person. */
export function shortfallsOf({ shops }: Pick<Result, 'shops'>): string[] {
  return shops.flatMap(({ key, name, probesTogether, measures }) => {
    if (key === 'synchronous') return [];
    const { longestDelayMs, recoveredAfterMs } = measures;
    return [
      ...(probesTogether > 1 ? [`${name} sent ${probesTogether} probes at once to the dead factory.`] : []),
      ...(key === 'proofboxWithFallback' && longestDelayMs > mostWithFallbackMs
        ? [`${name} kept an order waiting for more than ${mostWithFallbackMs / 1_000} s.`]
        : []),
      ...(recoveredAfterMs !== null && recoveredAfterMs > mostToRecoverMs
        ? [`${name} needed more than ${mostToRecoverMs / 1_000} s to recover once the factory was mended.`]
        : []),
    ];
  });
}
