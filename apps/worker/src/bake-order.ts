import type { FactoryName, OrderRecord, OutcomeKind, ParkReason } from '@proofbox/contract';
import type { JobVerdict } from '@proofbox/ledger';
import { attemptOrder } from './attempt-order.ts';
import { backOffMs } from './back-off.ts';
import { chooseFactory } from './choose-factory.ts';
import type { Kitchen } from './kitchen.ts';
import { judgeLastAttempt } from './last-attempt.ts';
import { roundsOf } from './rounds.ts';

/** Somebody else is at this order; when they have let go of it there may be something left to do. */
const busyElsewhereMs = 5_000;

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
  const { ledger, events, factories, now } = kitchen;
  const order = await ledger.find(orderId);
  if (order === undefined) {
    events.orderMissing(orderId);
    return { next: 'done' };
  }
  if (order.state !== 'queued' && order.state !== 'baking') return { next: 'done' };

  const unfinished = await judgeLastAttempt(kitchen, order);
  if (unfinished?.act === 'park') return park(kitchen, orderId, unfinished);
  if (now() >= order.deadlineAt) return park(kitchen, orderId, { state: 'dead', reason: 'expired' });

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
        return { next: 'later', at: now() + busyElsewhereMs };
      case 'ended':
        if (result.decision.act === 'done') return { next: 'done' };
        if (result.decision.act === 'park') return park(kitchen, orderId, result.decision);
        tried.set(choice.factory.name, result.outcome);
    }
  }
  return waitForNextRound(kitchen, order, tried, signal);
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
  { ledger, now, random }: Kitchen,
  order: OrderRecord,
  tried: ReadonlyMap<FactoryName, OutcomeKind>,
  signal: AbortSignal,
): Promise<JobVerdict> {
  await ledger.requeue(order.id);
  const spent = [...tried.values()].some((outcome) => outcome !== 'throttled' && outcome !== 'misconfigured');
  if (!spent || signal.aborted) return { next: 'back' };
  const at = now() + backOffMs(roundsOf(order) + 1, random);
  return { next: 'later', at: Math.min(at, order.deadlineAt) };
}
