import { randomUUID } from 'node:crypto';
import type { OrderRecord, Outcome, OutcomeKind } from '@proofbox/contract';
import { callFactory, learnFrom } from './call-factory.ts';
import type { Choice } from './choose-factory.ts';
import { decide, type Decision } from './decide.ts';
import type { Factory } from './factory.ts';
import { keepAttempt, leaseMs } from './keep-attempt.ts';
import { attemptName, type Kitchen } from './kitchen.ts';

export type AttemptResult =
  | { kind: 'ended'; outcome: OutcomeKind; decision: Decision }
  /** While the order waited for its turn the factory stopped taking orders. */
  | { kind: 'not_now' }
  | { kind: 'settled_elsewhere' }
  | { kind: 'busy_elsewhere'; againInMs: number };

const letGo: Outcome = {
  kind: 'not_sent',
  detail: 'this worker had to let go of the order before it was sent',
};

/** One attempt at one factory: written down before the call and after it. The order leaves its place there at the end. */
export async function attemptOrder(
  kitchen: Kitchen,
  order: OrderRecord,
  { factory, probe, hasAlternative }: Choice<Factory>,
  { signal, checkHold }: { signal: AbortSignal; checkHold: () => void },
): Promise<AttemptResult> {
  const { ledger, events, now, worker, attemptsInHand } = kitchen;
  const { name, repeatable, breaker, pace } = factory;
  using inHand = new DisposableStack();
  try {
    await pace.turn();
    if (!probe && breaker.availableAt > 0) return { kind: 'not_now' };
    const begun = await ledger.beginAttempt({
      id: order.id,
      factory: name,
      worker,
      token: randomUUID(),
      leaseMs,
      edits: order.edits ?? 0,
    });
    if (begun.verdict === 'busy') return { kind: 'busy_elsewhere', againInMs: begun.againInMs };
    if (begun.verdict === 'missing') events.orderMissing(order.id);
    if (begun.verdict !== 'begun') return { kind: 'settled_elsewhere' };

    const { attempt } = begun;
    inHand.use(keepAttempt({ ledger, onError: (error) => events.redisTrouble(error) }, attempt));
    attemptsInHand.add(attemptName(attempt));
    inHand.defer(() => attemptsInHand.delete(attemptName(attempt)));
    const startedAt = now();
    const timeoutMs =
      probe && hasAlternative ? Math.min(kitchen.probeTimeoutMs, kitchen.timeoutMs) : kitchen.timeoutMs;
    // All of that may have waited for Redis, and another worker may have the order by now.
    checkHold();
    const outcome = signal.aborted
      ? letGo
      : await callFactory(factory, order.request, { timeoutMs, signal, now });
    const durationMs = now() - startedAt;
    // An attempt that we ended ourselves says nothing about the factory.
    if (!signal.aborted) learnFrom(outcome, factory, { orderId: order.id, sentAt: startedAt });

    const settled = await ledger.settle({ ...attempt, outcome });
    events.attemptEnded({ order, n: attempt.n, factory: name, probe, outcome, durationMs, ...settled });
    if (settled.verdict === 'missing') events.orderMissing(order.id);
    if (settled.verdict !== 'pending' && settled.verdict !== 'fulfilled')
      return { kind: 'settled_elsewhere' };
    const { countedFailures } = settled;
    return {
      kind: 'ended',
      outcome: outcome.kind,
      decision: decide({ outcome: outcome.kind, status: outcome.status, repeatable, countedFailures }),
    };
  } finally {
    breaker.leave(order.id);
  }
}
