import { randomUUID } from 'node:crypto';
import type { FactoryName, OrderRecord, Outcome, ParkReason } from '@proofbox/contract';
import type { JobVerdict, Ledger } from '@proofbox/ledger';
import { backOffMs } from './back-off.ts';
import { chooseFactory, type Choice } from './choose-factory.ts';
import { classify, receiptIn } from './classify.ts';
import { decide, type Decision } from './decide.ts';
import type { Events } from './events.ts';
import type { Factory } from './factory.ts';

export type Kitchen = {
  ledger: Ledger;
  /** In order of preference. */
  factories: readonly Factory[];
  events: Events;
  /** This process, as attempts name it. */
  worker: string;
  timeoutMs: number;
  /** For a half-open factory while another one could take the order: no diner waits long for our curiosity. */
  probeTimeoutMs: number;
  now: () => number;
  /** in [0, 1) */
  random: () => number;
};

/**
 * Works on one order: one round over the factories that take orders, until one bakes it. The only place that acts
 * on outcomes; naming them (`classify`) and judging them (`decide`) is done elsewhere.
 */
export async function bakeOrder(kitchen: Kitchen, orderId: string, signal: AbortSignal): Promise<JobVerdict> {
  const { ledger, events, factories } = kitchen;
  const order = await ledger.find(orderId);
  if (order === undefined) {
    events.orderMissing(orderId);
    return { next: 'done' };
  }
  if (order.state !== 'queued' && order.state !== 'baking') return { next: 'done' };

  const interrupted = await reclaimInterrupted(kitchen, order);
  if (interrupted?.act === 'park') return park(kitchen, order, interrupted);
  if (kitchen.now() >= order.deadlineAt) return park(kitchen, order, { state: 'dead', reason: 'expired' });

  const tried = new Map<FactoryName, Outcome['kind']>();
  while (!signal.aborted) {
    const choice = await chooseFactory(factories, new Set(tried.keys()), orderId);
    if (choice === undefined) break;
    const result = await attempt(kitchen, order, choice, signal);
    switch (result.kind) {
      case 'not_now':
        continue;
      case 'settled_elsewhere':
        return { next: 'done' };
      case 'busy_elsewhere':
        return { next: 'later', at: kitchen.now() + busyElsewhereMs };
      case 'ended':
        if (result.decision.act === 'done') return { next: 'done' };
        if (result.decision.act === 'park') return park(kitchen, order, result.decision);
        tried.set(choice.factory.name, result.outcome);
    }
  }
  return waitForNextRound(kitchen, order, tried, signal);
}

type AttemptResult =
  | { kind: 'ended'; outcome: Outcome['kind']; decision: Decision }
  /** While the order waited for its moment the factory stopped taking orders. */
  | { kind: 'not_now' }
  | { kind: 'settled_elsewhere' }
  | { kind: 'busy_elsewhere' };

const busyElsewhereMs = 5_000;

/** A worker died, or lost its hold on the order, in the middle of an attempt: that attempt is unknown, not "never happened". */
async function reclaimInterrupted(kitchen: Kitchen, order: OrderRecord): Promise<Decision | undefined> {
  const last = order.attempts.at(-1);
  if (last === undefined || last.endedAt !== undefined) return undefined;
  const interrupted = await kitchen.ledger.reclaim(order.id);
  if (interrupted === undefined) return undefined;
  kitchen.events.attemptInterrupted(order, interrupted);
  const factory = kitchen.factories.find((each) => each.name === interrupted.factory);
  return decide({
    outcome: { kind: 'unknown', detail: 'interrupted' },
    repeatable: factory?.repeatable ?? false,
    countedFailures: order.countedFailures + (interrupted.counted ? 1 : 0),
  });
}

async function attempt(
  kitchen: Kitchen,
  order: OrderRecord,
  { factory, probe, hasAlternative }: Choice<Factory>,
  signal: AbortSignal,
): Promise<AttemptResult> {
  const { ledger, events, now } = kitchen;
  try {
    await factory.pace.turn();
    if (!probe && factory.breaker.availableAt > 0) return { kind: 'not_now' };
    const begun = await ledger.beginAttempt({
      id: order.id,
      factory: factory.name,
      worker: kitchen.worker,
      token: randomUUID(),
    });
    if (begun.verdict === 'busy') return { kind: 'busy_elsewhere' };
    if (begun.verdict !== 'begun') return { kind: 'settled_elsewhere' };

    const startedAt = now();
    const timeoutMs =
      probe && hasAlternative ? Math.min(kitchen.probeTimeoutMs, kitchen.timeoutMs) : kitchen.timeoutMs;
    const outcome = await callFactory(factory, order, { timeoutMs, signal, now });
    const durationMs = now() - startedAt;
    // An attempt that we ended ourselves says nothing about the factory.
    if (!signal.aborted) learn(factory, order.id, outcome, startedAt);

    const settled = await ledger.settle({ id: order.id, n: begun.n, outcome });
    events.attemptEnded({ order, n: begun.n, factory: factory.name, probe, outcome, durationMs, ...settled });
    if (settled.verdict !== 'pending' && settled.verdict !== 'fulfilled')
      return { kind: 'settled_elsewhere' };
    const { countedFailures } = settled;
    const decision = decide({ outcome, repeatable: factory.repeatable, countedFailures });
    return { kind: 'ended', outcome: outcome.kind, decision };
  } finally {
    factory.breaker.leave(order.id);
  }
}

function learn({ breaker, pace }: Factory, orderId: string, outcome: Outcome, sentAt: number): void {
  if (outcome.kind === 'fulfilled') pace.baked(sentAt);
  breaker.record(orderId, outcome.kind, {
    ...(outcome.kind === 'throttled' && { retryAfterMs: outcome.retryAfterMs }),
    ...('detail' in outcome && { cause: outcome.detail }),
  });
}

async function callFactory(
  factory: Factory,
  order: OrderRecord,
  { timeoutMs, signal, now }: { timeoutMs: number; signal: AbortSignal; now: () => number },
): Promise<Outcome> {
  const delivery = await factory.client.deliver(order.request, { timeoutMs, signal });
  const receipt = delivery.replied ? receiptIn(delivery.body) : undefined;
  const check = receipt === undefined ? undefined : await factory.verifier.verify(receipt);
  return classify({ delivery, check, orderId: order.request.order.id, now: now() });
}

async function park(
  kitchen: Kitchen,
  order: OrderRecord,
  to: { state: 'dead' | 'held'; reason: ParkReason },
): Promise<JobVerdict> {
  const state = await kitchen.ledger.park({ id: order.id, ...to });
  if (state === to.state) kitchen.events.orderParked(order, to.state, to.reason);
  return { next: 'done' };
}

/** The round brought no receipt. An order that no factory got to see costs nothing and keeps its place in the queue. */
async function waitForNextRound(
  kitchen: Kitchen,
  order: OrderRecord,
  tried: ReadonlyMap<FactoryName, Outcome['kind']>,
  signal: AbortSignal,
): Promise<JobVerdict> {
  await kitchen.ledger.requeue(order.id);
  const spent = [...tried.values()].some((outcome) => outcome !== 'throttled' && outcome !== 'misconfigured');
  if (!spent || signal.aborted) return { next: 'back' };
  const at = kitchen.now() + backOffMs(roundsOf(order) + 1, kitchen.random);
  return { next: 'later', at: Math.min(at, order.deadlineAt) };
}

/** Rounds before this one since the order was accepted or last replayed: the most attempts any one factory has had. */
function roundsOf(order: OrderRecord): number {
  const recent = order.attempts.filter((each) => each.startedAt >= (order.replayedAt ?? 0));
  return Math.max(
    0,
    ...['primary', 'fallback'].map((name) => recent.filter((each) => each.factory === name).length),
  );
}
