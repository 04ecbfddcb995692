import { randomUUID } from 'node:crypto';
import type { Attempt, OrderRecord, Outcome } from '@proofbox/contract';
import { callFactory, learnFrom } from './call-factory.ts';
import type { Choice } from './choose-factory.ts';
import { decide, type Decision } from './decide.ts';
import type { Factory } from './factory.ts';
import type { WorkerContext } from './worker-context.ts';

export type AttemptResult =
  | { kind: 'ended'; attempt: Attempt; decision: Decision }
  /** While the order waited for its turn the factory stopped taking orders. */
  | { kind: 'not_now' }
  | { kind: 'settled_elsewhere' }
  | { kind: 'busy_elsewhere' };

const letGo: Outcome = {
  kind: 'not_sent',
  detail: 'this worker had to let go of the order before it was sent',
};

/** One attempt at one factory: written down before the call and after it. The order leaves its place there at the end. */
export async function attemptOrder(
  context: WorkerContext,
  order: OrderRecord,
  { factory, probe, failures, hasAlternative }: Choice<Factory>,
  { signal, checkHold }: { signal: AbortSignal; checkHold: () => void },
): Promise<AttemptResult> {
  const { ledger, events, now, worker } = context;
  const { name, repeatable, breaker, rate } = factory;
  try {
    await rate.turn();
    if (!probe && breaker.availableAt > 0) return { kind: 'not_now' };
    const begun = await ledger.beginAttempt({
      id: order.id,
      factory: name,
      worker,
      token: randomUUID(),
      edits: order.edits ?? 0,
    });
    if (begun.verdict === 'busy') return { kind: 'busy_elsewhere' };
    if (begun.verdict === 'missing') events.orderMissing(order.id);
    if (begun.verdict !== 'begun') return { kind: 'settled_elsewhere' };

    const startedAt = now();
    const timeoutMs =
      probe && hasAlternative ? Math.min(context.probeTimeoutMs, context.timeoutMs) : context.timeoutMs;
    // All of that may have waited for Redis, and another worker may have the order by now.
    checkHold();
    if (failures === 0) factory.retryBudget.earn();
    const outcome = signal.aborted
      ? letGo
      : await callFactory(factory, order.request, { timeoutMs, signal, now });
    const durationMs = now() - startedAt;
    // An attempt that we ended ourselves says nothing about the factory.
    if (!signal.aborted) learnFrom(outcome, factory, { order: { id: order.id, failures }, sentAt: startedAt });

    const settled = await ledger.settle({ id: order.id, n: begun.n, outcome });
    events.attemptEnded({ order, n: begun.n, factory: name, probe, outcome, durationMs, ...settled });
    if (settled.verdict === 'missing') events.orderMissing(order.id);
    if (settled.verdict !== 'pending' && settled.verdict !== 'fulfilled')
      return { kind: 'settled_elsewhere' };
    const { countedFailures, isCounted } = settled;
    return {
      kind: 'ended',
      attempt: {
        n: begun.n,
        factory: name,
        worker,
        startedAt,
        endedAt: startedAt + durationMs,
        outcome: outcome.kind,
        ...(outcome.status !== undefined && { status: outcome.status }),
        ...(isCounted && { counted: true }),
      },
      decision: decide({ outcome: outcome.kind, status: outcome.status, repeatable, countedFailures }),
    };
  } finally {
    breaker.leave(order.id);
  }
}
