import type { BreakerTally } from './breaker-tally.ts';
import { measure, quantile, type Measures } from './measures.ts';
import { onceClient, retryingClient, runPlainClient } from './plain-client.ts';
import type { Row } from './row.ts';
import { runProofbox } from './run-proofbox.ts';

export type RowResult = {
  row: Row;
  proofbox: Measures;
  once: Measures;
  retrying: Measures;
  breaker: BreakerTally;
  fullPaceMs: number | undefined;
  /** Calls to the primary before the end of its Retry-After. */
  callsTooEarly: number;
  /** After how long 95 % of the bad orders were dead; undefined: there was none. */
  badOnesDeadMs: number | undefined;
  /** Fewer diners got their pizza at once than with the better yardstick. */
  isBelow: boolean;
  /** More calls went to the dead factory than its breaker may cost. */
  isCostly: boolean;
  /** Why it must be so, and as much. */
  why: string | undefined;
};

/** Of the orders of a row, so many may be chance. */
const chance = 0.005;

/** Serves the orders of one row in each way. */
export async function runRow(
  row: Row,
  options: { seed: number; canaryIntervalMs: number },
): Promise<RowResult> {
  const { breaker, callsTooEarly, fullPaceMs, badOnesDeadAfterMs, ...result } = await runProofbox(
    row,
    options,
  );
  const proofbox = measure(result);
  const once = measure(await runPlainClient(row, onceClient, options.seed));
  const retrying = measure(await runPlainClient(row, retryingClient, options.seed));
  const missing = Math.max(once.atOnce, retrying.atOnce) - proofbox.atOnce;
  const isBelow = missing > Math.max(1, chance * proofbox.orders);
  const reason = isBelow ? row.scenario.why?.(row) : undefined;
  const isEnough = reason !== undefined && missing <= reason.most * proofbox.orders + 1;
  return {
    row,
    proofbox,
    once,
    retrying,
    breaker,
    callsTooEarly,
    fullPaceMs,
    badOnesDeadMs: badOnesDeadAfterMs.length === 0 ? undefined : quantile(badOnesDeadAfterMs, 0.95),
    isBelow,
    isCostly: proofbox.callsToDead > breaker.allowed,
    why: isEnough ? reason.because : undefined,
  };
}

/** A good order died, diners got less than without Proofbox and nothing says why, or a factory was sent what it must not. */
export function isBad({ proofbox, isBelow, why, isCostly, callsTooEarly }: RowResult): boolean {
  return proofbox.dead > 0 || (isBelow && why === undefined) || isCostly || callsTooEarly > 0;
}
