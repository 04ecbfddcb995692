import type { FactoryName, OrderRecord, OutcomeKind, ParkReason } from '@proofbox/contract';
import type { JobVerdict } from '@proofbox/ledger';
import { attemptOrder } from './attempt-order.ts';
import { backOffMs } from './back-off.ts';
import { chooseFactory } from './choose-factory.ts';
import type { Kitchen } from './kitchen.ts';
import { judgeLastAttempt } from './last-attempt.ts';
import { roundsOf } from './rounds.ts';

/**
 * Works on one order: one round over the factories that take orders, until one bakes it. The only place that acts
 * on outcomes; naming them (`classify`) and judging them (`decide`) is done elsewhere.
 * @param checkHold aborts `signal` when somebody else may have the order by now
 */
export async function bakeOrder(
  kitchen: Kitchen,
  orderId: string,
  signal: AbortSignal,
  checkHold: () => void = () => {},
): Promise<JobVerdict> {
  const { ledger, events, factories } = kitchen;
  const order = await ledger.find(orderId);
  if (order === undefined) {
    events.orderMissing(orderId);
    return { next: 'done' };
  }
  const unfinished = await judgeLastAttempt(kitchen, order);
  if (unfinished?.act === 'wait') return { next: 'later', inMs: unfinished.inMs };
  if (order.state !== 'queued' && order.state !== 'baking') return { next: 'done' };
  if (unfinished?.act === 'park') return park(kitchen, orderId, unfinished);
  if (await expire(kitchen, orderId)) return { next: 'done' };

  const tried = new Map<FactoryName, OutcomeKind>();
  while (!signal.aborted) {
    const choice = await chooseFactory(factories, new Set(tried.keys()), orderId);
    if (choice === undefined) break;
    const result = await attemptOrder(kitchen, order, choice, { signal, checkHold });
    switch (result.kind) {
      case 'not_now':
        continue;
      case 'settled_elsewhere':
        return { next: 'done' };
      case 'busy_elsewhere':
        return { next: 'later', inMs: result.againInMs };
      case 'ended':
        if (result.decision.act === 'done') return { next: 'done' };
        if (result.decision.act === 'park') return park(kitchen, orderId, result.decision);
        tried.set(choice.factory.name, result.outcome);
    }
  }
  return waitForNextRound(kitchen, order, tried, signal);
}

/** Whether its deadline has passed, by the clock of Redis. */
async function expire({ ledger, events, mayExpire }: Kitchen, id: string): Promise<boolean> {
  if (!mayExpire()) return false;
  const { verdict } = await ledger.expire(id);
  if (verdict === 'parked') events.orderParked(id, 'dead', 'expired');
  return verdict === 'parked';
}

async function park(
  { ledger, events }: Kitchen,
  id: string,
  { state, reason }: { state: 'dead' | 'held'; reason: ParkReason },
): Promise<JobVerdict> {
  const { verdict } = await ledger.park({ id, state, reason });
  if (verdict === 'parked') events.orderParked(id, state, reason);
  return { next: 'done' };
}

/** The round brought no receipt. An order that no factory got to see costs nothing and keeps its place in the queue. */
async function waitForNextRound(
  { ledger, random }: Kitchen,
  order: OrderRecord,
  tried: ReadonlyMap<FactoryName, OutcomeKind>,
  signal: AbortSignal,
): Promise<JobVerdict> {
  const spent = [...tried.values()].some((outcome) => outcome !== 'throttled' && outcome !== 'misconfigured');
  const inMs = spent && !signal.aborted ? backOffMs(roundsOf(order) + 1, random) : undefined;
  await ledger.requeue(order.id, inMs);
  return inMs === undefined ? { next: 'back' } : { next: 'later', inMs };
}
