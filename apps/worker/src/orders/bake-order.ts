import type { Attempt, FactoryName, OrderRecord, DeadLetterReason } from '@proofbox/contract';
import type { JobDecision } from '@proofbox/ledger';
import { attemptOrder } from './attempt-order.ts';
import { chooseFactory, nextAllowedAt } from './choose-factory.ts';
import { judgeLastAttempt } from './last-attempt.ts';
import { retryDelayMs } from './retry-delay.ts';
import { isRefusal, isRefusedForGood } from './refused.ts';
import type { WorkerContext } from './worker-context.ts';

/** What a factory has answered is being written down: then there may be something left to do. */
const keptMs = 2_000;

/**
 * Works on one order: one round over the factories that take orders, until one bakes it. The only place that acts
 * on outcomes; naming them (`classify`) and judging them (`decide`) is done elsewhere.
 * @param checkHold aborts `signal` when another worker may have the order by now
 */
export async function bakeOrder(
  context: WorkerContext,
  orderId: string,
  signal: AbortSignal,
  checkHold: () => void = () => {},
): Promise<JobDecision> {
  const { ledger, events, factories } = context;
  const order = await ledger.find(orderId);
  if (order === undefined) {
    events.orderMissing(orderId);
    return { next: 'done' };
  }
  const unfinished = await judgeLastAttempt(context, order);
  if (unfinished?.act === 'wait') return { next: 'later', inMs: unfinished.inMs };
  if (order.state !== 'queued' && order.state !== 'baking') return { next: 'done' };
  if (unfinished?.act === 'dead_letter') return deadLetter(context, orderId, unfinished);
  if (await expire(context, orderId)) return { next: 'done' };

  const round: Attempt[] = [];
  while (!signal.aborted) {
    const tried = new Set<FactoryName>(round.map(({ factory }) => factory));
    const choice = await chooseFactory(factories, tried, withRound(order, round));
    if (choice === undefined) break;
    const result = await attemptOrder(context, order, choice, { signal, checkHold });
    switch (result.kind) {
      case 'not_now':
        continue;
      case 'settled_elsewhere':
        return { next: 'done' };
      case 'busy_elsewhere':
        return { next: 'later', inMs: result.againInMs };
      case 'kept':
        return { next: 'later', inMs: keptMs };
      case 'ended':
        if (result.decision.act === 'done') return { next: 'done' };
        if (result.decision.act === 'dead_letter') return deadLetter(context, orderId, result.decision);
        round.push(result.attempt);
    }
  }
  return endRound(context, withRound(order, round), round, signal);
}

function withRound(order: OrderRecord, round: readonly Attempt[]): OrderRecord {
  return round.length === 0 ? order : { ...order, attempts: [...order.attempts, ...round] };
}

/** Whether its deadline has passed, by the clock of Redis. */
async function expire({ ledger, events, mayExpire }: WorkerContext, id: string): Promise<boolean> {
  if (!mayExpire()) return false;
  const { status } = await ledger.expire(id);
  if (status === 'dead_lettered') events.deadLettered(id, 'dead', 'expired');
  return status === 'dead_lettered';
}

async function deadLetter(
  { ledger, events }: WorkerContext,
  id: string,
  { state, reason }: { state: 'dead' | 'held'; reason: DeadLetterReason },
): Promise<JobDecision> {
  const { status } = await ledger.deadLetter({ id, state, reason });
  if (status === 'dead_lettered') events.deadLettered(id, state, reason);
  return { next: 'done' };
}

/** The round brought no receipt. @param order with the attempts of the round */
async function endRound(
  context: WorkerContext,
  order: OrderRecord,
  round: readonly Attempt[],
  signal: AbortSignal,
): Promise<JobDecision> {
  const { ledger, events, wantWitness } = context;
  const refusals = round.filter(({ outcome }) => isRefusal(outcome));
  if (refusals.length > 0 && isRefusedForGood(order))
    return deadLetter(context, order.id, { state: 'dead', reason: 'rejected' });
  const next = signal.aborted ? back : nextRound(context, order, round);
  await ledger.requeue(order.id, next.next === 'later' ? next.inMs : 0);
  if (signal.aborted) return next;
  for (const { factory } of refusals) {
    events.orderRefused(order.id, factory);
    wantWitness(factory);
  }
  return next;
}

const back: JobDecision = { next: 'back' };

function nextRound(context: WorkerContext, order: OrderRecord, round: readonly Attempt[]): JobDecision {
  if (round.every(({ outcome }) => outcome === 'throttled')) return waitForFactories(context, order);
  return { next: 'later', inMs: retryDelayMs(context, order, round) };
}

/**
 * An order that no factory got to see costs nothing and keeps its position in the queue; only one that failed before may
 * have to wait while others need not.
 */
function waitForFactories({ factories, now }: WorkerContext, order: OrderRecord): JobDecision {
  const allowedAt = nextAllowedAt(factories, order);
  const others = Math.min(...factories.map(({ breaker }) => breaker.availableAt));
  const isHeldBack = Number.isFinite(allowedAt) && allowedAt > Math.max(now(), others);
  return isHeldBack ? { next: 'later', inMs: allowedAt - now() } : back;
}
