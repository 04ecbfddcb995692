import type { Tally } from '../../support/order-tally.ts';

/** What was counted in the end. */
export type Result = {
  tally: Tally;
  /** One for each submission that Proofbox did not take: why. */
  refusals: readonly string[];
  synchronous: { placed: number; lost: number };
};

/** For `--json`: one line. */
export function toJson({ tally, synchronous }: Result): string {
  const { accepted, fulfilled, byFactory, dead, longestDelayMs } = tally;
  return JSON.stringify({
    accepted,
    fulfilled,
    byFactory,
    lost: tally.lost.length,
    duplicates: tally.duplicates.length,
    dead,
    longestDelayMs,
    synchronous,
  });
}

const mostShown = 5;

/** Why the demo has failed, in lines for a person; none when it has not. */
export function problemsOf({ tally, refusals, synchronous }: Result): string[] {
  const flaws = (what: string, all: Tally['lost']): string[] =>
    shortened(all.map(({ id, why }) => `${what}: order ${id}: ${why}`));
  return [
    ...shortened(refusals.map((why) => `Not accepted: ${why}`)),
    ...flaws('Lost', tally.lost),
    ...flaws('Duplicated', tally.duplicates),
    ...(synchronous.lost === 0
      ? ['The synchronous client lost nothing, so this run shows nothing: try a higher --rate.']
      : []),
  ];
}

function shortened(lines: string[]): string[] {
  const rest = lines.length - mostShown;
  return rest > 0 ? [...lines.slice(0, mostShown), `… and ${rest} more like this.`] : lines;
}
