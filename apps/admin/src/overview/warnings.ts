import { isoTime, type OrderState } from '@proofbox/contract';
import type { QueuePauseView, Warning } from '@proofbox/contract/admin';
import { asItCanMean, conditionOf, type BreakerState } from '@proofbox/factory/breaker';
import { isBalanced, type ReconcileResult, type DatasetLoss } from '@proofbox/ledger';
import { sinceOf } from '../factories/factory-view.ts';

/** What warnings are made of. Times are ms since the epoch. */
export type Situation = {
  now: number;
  counts: Record<OrderState, number>;
  oldestPendingAt: number | undefined;
  workers: number;
  /** Of those that are set up. */
  breakers: readonly BreakerState[];
  queuePause: QueuePauseView;
  loss: DatasetLoss | undefined;
  reconcile: ReconcileResult | undefined;
};

/** After a round without a receipt an order waits up to a minute for its next one. */
const longWaitMs = 5 * 60_000;

/**
 * What needs an operator, the worst first: what is wrong, and what to do. No sentence changes while the situation
 * does not: a screen reader would begin again.
 */
export function warningsOf(situation: Situation): Warning[] {
  return [
    warning('critical', lossWarning(situation)),
    warning('critical', booksWarning(situation)),
    warning('critical', workersWarning(situation)),
    warning('critical', factoriesWarning(situation), 'factories'),
    ...refusalWarnings(situation).map((text) => warning('warning', text, 'factories')),
    warning('warning', pauseWarning(situation), 'factories'),
    warning('warning', oldestWarning(situation)),
    warning('warning', deadLettersWarning(situation), 'dead-letters'),
  ].filter((each) => each !== undefined);
}

function warning(
  level: Warning['level'],
  text: string | undefined,
  page?: Warning['page'],
): Warning | undefined {
  return text === undefined ? undefined : { level, text, ...(page && { page }) };
}

function lossWarning({ loss }: Situation): string | undefined {
  if (!loss) return undefined;
  const { noticedAt, acceptedBefore, acceptedAfter } = loss;
  return `Redis came back with less than it had, noticed ${moment(noticedAt)}: ${acceptedBefore} orders before, ${acceptedAfter} after. Ingest restores the orders that its outboxes have. Run \`proofbox reconcile\` to see whether all are back, then \`proofbox reconcile --acknowledge-loss\`.`;
}

function booksWarning({ reconcile }: Situation): string | undefined {
  if (!reconcile || isBalanced(reconcile)) return undefined;
  return `The ledger does not balance, as of ${moment(reconcile.at)}: not every accepted order is accounted for. Run \`proofbox reconcile\` to see what does not fit.`;
}

function workersWarning({ workers, counts }: Situation): string | undefined {
  if (workers > 0 || backlogOf(counts) === 0) return undefined;
  return 'No worker is alive, and orders wait. Start a worker; if one has stopped, its log says why.';
}

function factoriesWarning({ breakers, now }: Situation): string | undefined {
  if (breakers.length === 0 || breakers.some((breaker) => takesAny(breaker, now))) return undefined;
  const since = Math.max(...breakers.map((breaker) => sinceOf(asItCanMean(breaker, now))));
  return `${since > 0 ? `No factory has taken orders since ${moment(since)}` : 'No factory takes orders'}. Orders wait, and none is lost; look at the factories for the reason.`;
}

function refusalWarnings({ breakers, now }: Situation): string[] {
  return breakers
    .filter((breaker) => conditionOf(breaker, now) === 'out_of_service')
    .map(
      ({ factory, cause }) =>
        `The ${factory} factory refuses us${cause === undefined ? '' : ` (${cause})`}. It refused several orders in a row, so our URL or API key there is probably wrong: correct it and restart the workers. Until then the workers try one order now and then.`,
    );
}

function pauseWarning({ queuePause: { isPaused, by, at, why } }: Situation): string | undefined {
  if (!isPaused) return undefined;
  const since = at === undefined ? '' : ` since ${moment(Date.parse(at))}`;
  return `The queue ${since === '' ? 'is' : 'has been'} paused${since}${by === undefined ? '' : ` by ${by}`}${why === undefined ? '' : ` (${why})`}. Orders are accepted and wait, but deadlines run on: an order whose deadline passes becomes a dead letter. Resume the queue when you can.`;
}

function oldestWarning({ oldestPendingAt, now }: Situation): string | undefined {
  if (oldestPendingAt === undefined || now - oldestPendingAt < longWaitMs) return undefined;
  return `The oldest order has waited since ${moment(oldestPendingAt)}. Look at the factories and workers, or, if other orders get through, at that order.`;
}

function deadLettersWarning({ counts: { dead, held } }: Situation): string | undefined {
  if (dead + held === 0) return undefined;
  const who = dead + held === 1 ? '1 order needs' : `${dead + held} orders need`;
  return `${who} an operator: ${dead} dead, ${held} held. Look at the dead letters, and replay or discard each.`;
}

function backlogOf({ queued, baking }: Situation['counts']): number {
  return queued + baking;
}

/** More than a probe. */
function takesAny(breaker: BreakerState, now: number): boolean {
  const condition = conditionOf(breaker, now);
  return condition === 'closed' || condition === 'forced_closed';
}

/** Such as "2026-11-23 14:05 UTC". */
function moment(ms: number): string {
  return `${isoTime(ms).slice(0, 16).replace('T', ' ')} UTC`;
}
