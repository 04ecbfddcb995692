/** What a reconciler says when it mends, and of which kinds nothing but a defect of ours makes that necessary. */
const words = '"the reconciler mended';
const needless: ReadonlySet<unknown> = new Set(['index', 'counter', 'stray_job']);

/**
 * Reads along in the logs of the workers, whose reconciler puts right in silence what `proofbox reconcile` in the end would have
 * found. An order without a job is no flaw: whoever dies between ledger and queue leaves one.
 */
export type MendWatch = {
  /** To be shown every line of every process. */
  see(process: string, line: string): void;
  /** The lines that should never be. */
  readonly mends: readonly string[];
};

export function createMendWatch(): MendWatch {
  const mends: string[] = [];
  return {
    mends,
    see(process, line) {
      if (line.includes(words) && needless.has(kindIn(line))) mends.push(`${process}: ${line}`);
    },
  };
}

function kindIn(line: string): unknown {
  try {
    return (JSON.parse(line) as { kind?: unknown }).kind;
  } catch {
    // A process that is killed may leave half a line.
    return undefined;
  }
}
