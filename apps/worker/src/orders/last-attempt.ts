import type { OrderRecord } from '@proofbox/contract';
import { decide, type Decision } from './decide.ts';
import { attemptName, type WorkerContext } from './worker-context.ts';

/** Its worker may end it yet. */
type Wait = { act: 'wait'; inMs: number };

/** This process works on it already: its lock was lost, and came back to it. */
const inHandMs = 1_000;

/**
 * What follows from the attempt before this one, for a worker that finds the order now. The worker that made that attempt may
 * have died in the middle of it, then it is unknown, not "never happened"; or after writing down how it ended and
 * before acting on it. So the rule is applied again: an order that must not be sent twice is not sent twice.
 */
export async function judgeLastAttempt(
  context: WorkerContext,
  order: OrderRecord,
): Promise<Decision | Wait | undefined> {
  const closed = await withoutOpenAttempt(context, order);
  if ('act' in closed) return closed;
  const { attempts, countedFailures, replayedAt = 0 } = closed;
  const last = attempts.at(-1);
  if (last?.outcome === undefined || last.startedAt < replayedAt) return undefined;
  const factory = context.factories.find(({ name }) => name === last.factory);
  return decide({
    outcome: last.outcome,
    status: last.status,
    repeatable: factory?.repeatable ?? false,
    countedFailures,
  });
}

async function withoutOpenAttempt(context: WorkerContext, order: OrderRecord): Promise<OrderRecord | Wait> {
  const { ledger, events, worker, attemptsInHand } = context;
  const { id } = order;
  const last = order.attempts.at(-1);
  if (last === undefined || last.endedAt !== undefined) return order;
  const { n } = last;
  if (attemptsInHand.has(attemptName({ id, n }))) return { act: 'wait', inMs: inHandMs };
  const reclaimed = await ledger.reclaim({ id, n, worker });
  if (reclaimed.status === 'busy') return { act: 'wait', inMs: reclaimed.againInMs };
  if (reclaimed.status === 'reclaimed') events.attemptInterrupted(order, reclaimed.attempt);
  // Closed by us or, meanwhile, by its own worker: what counts is what stands there now.
  return (await ledger.find(id)) ?? order;
}
