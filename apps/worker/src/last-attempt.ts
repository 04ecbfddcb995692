import type { OrderRecord } from '@proofbox/contract';
import { decide, type Decision } from './decide.ts';
import type { WorkerContext } from './worker-context.ts';

/**
 * What follows from the attempt before this one, for a worker that finds the order now. Whoever made that attempt may
 * have died in the middle of it, then it is unknown, not "never happened"; or after writing down how it ended and
 * before acting on it. So the rule is applied again: an order that must not be sent twice is not sent twice.
 */
export async function judgeLastAttempt(context: WorkerContext, order: OrderRecord): Promise<Decision | undefined> {
  const { attempts, countedFailures, replayedAt = 0 } = await withoutOpenAttempt(context, order);
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

async function withoutOpenAttempt({ ledger, events }: WorkerContext, order: OrderRecord): Promise<OrderRecord> {
  const last = order.attempts.at(-1);
  if (last === undefined || last.endedAt !== undefined) return order;
  const interrupted = await ledger.reclaim(order.id);
  if (interrupted !== undefined) events.attemptInterrupted(order, interrupted);
  // Closed by us or, meanwhile, by its own worker: what counts is what stands there now.
  return (await ledger.find(order.id)) ?? order;
}
