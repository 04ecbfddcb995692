import { randomUUID } from 'node:crypto';
import type { Attempt, OrderRecord, Outcome } from '@proofbox/contract';
import type { AttemptKey, Settled } from '@proofbox/ledger';
import { callFactory, learnFrom, type Called } from '../factory/call-factory.ts';
import type { Choice } from './choose-factory.ts';
import { decide, type Decision } from './decide.ts';
import type { Factory } from '../factory/factory.ts';
import { keepAttempt, leaseMs } from './keep-attempt.ts';
import { attemptName, type WorkerContext } from './worker-context.ts';

export type AttemptResult =
  | { kind: 'ended'; attempt: Attempt; decision: Decision }
  /** While the order waited to be sent, the factory stopped taking orders. */
  | { kind: 'not_now' }
  | { kind: 'settled_elsewhere' }
  | { kind: 'busy_elsewhere'; againInMs: number }
  /** The factory has answered, and its answer cannot be checked or written down yet. */
  | { kind: 'kept' };

const letGo: Outcome = {
  kind: 'not_sent',
  detail: 'this worker had to let go of the order before it was sent',
};

/** One attempt at one factory: written down before the call and after it. The order leaves its permit there at the end. */
export async function attemptOrder(
  context: WorkerContext,
  order: OrderRecord,
  choice: Choice<Factory>,
  { signal, checkHold }: { signal: AbortSignal; checkHold: () => void },
): Promise<AttemptResult> {
  const { ledger, events, worker, attemptsInHand, keeper, onError } = context;
  const { factory, probe } = choice;
  using inHand = new DisposableStack();
  try {
    await factory.rate.acquire();
    if (!probe && factory.breaker.availableAt > 0) return { kind: 'not_now' };
    const begun = await ledger.beginAttempt({
      id: order.id,
      factory: factory.name,
      worker,
      token: randomUUID(),
      leaseMs,
      edits: order.edits ?? 0,
    });
    if (begun.status === 'busy') return { kind: 'busy_elsewhere', againInMs: begun.againInMs };
    if (begun.status === 'missing') events.orderMissing(order.id);
    if (begun.status !== 'begun') return { kind: 'settled_elsewhere' };

    const { attempt } = begun;
    inHand.use(keepAttempt({ ledger, onError }, attempt));
    const name = attemptName(attempt);
    attemptsInHand.add(name);
    // The keeper of an outcome that cannot be written down yet has it in hand from then on.
    inHand.defer(() => void (keeper.has(name) || attemptsInHand.delete(name)));
    const call = await makeCall(context, order, choice, { signal, checkHold });
    return await writeDown(context, { order, choice, attempt, call });
  } finally {
    factory.breaker.leave(order.id);
  }
}

/** No diner waits long for our curiosity. */
function timeoutFor(
  { timeoutMs, probeTimeoutMs }: WorkerContext,
  { probe, hasAlternative }: Choice<Factory>,
): number {
  return probe && hasAlternative ? Math.min(probeTimeoutMs, timeoutMs) : timeoutMs;
}

/** Times in ms, `startedAt` since the epoch. */
type Call = { called: Called; startedAt: number; durationMs: number };

async function makeCall(
  context: WorkerContext,
  order: OrderRecord,
  choice: Choice<Factory>,
  { signal, checkHold }: { signal: AbortSignal; checkHold: () => void },
): Promise<Call> {
  const { now } = context;
  const { factory, failures, isBlamed } = choice;
  const timeoutMs = timeoutFor(context, choice);
  const startedAt = now();
  // Beginning the attempt may have waited for Redis, and another worker may have the order by now.
  checkHold();
  if (failures === 0) factory.retryBudget.earn();
  const called = signal.aborted
    ? { outcome: letGo }
    : await callFactory(factory, order.request, { timeoutMs, signal, now });
  // An attempt that we ended ourselves says nothing about the factory, unless it was answered all the same.
  if (!signal.aborted || called.outcome.kind === 'fulfilled')
    learnFrom(called.outcome, factory, { order: { id: order.id, failures, isBlamed }, sentAt: startedAt });
  return { called, startedAt, durationMs: now() - startedAt };
}

async function writeDown(
  { ledger, events, worker, keeper, onError }: WorkerContext,
  {
    order,
    choice,
    attempt,
    call,
  }: { order: OrderRecord; choice: Choice<Factory>; attempt: AttemptKey; call: Call },
): Promise<AttemptResult> {
  const { called, startedAt, durationMs } = call;
  const { outcome } = called;
  const { factory, probe } = choice;
  const onSettled = (ended: Outcome, settled: Settled): void => {
    events.attemptEnded({
      order,
      n: attempt.n,
      factory: factory.name,
      probe,
      outcome: ended,
      durationMs,
      ...settled,
    });
    if (settled.status === 'missing') events.orderMissing(order.id);
  };
  const keep = (): boolean => keeper.keep({ attempt, called, onSettled });

  if (called.checkAgain && keep()) return { kind: 'kept' };
  const settled = await ledger.settle({ ...attempt, outcome }).catch((error: Error) => {
    if (!keep()) throw error;
    onError(error);
  });
  if (settled === undefined) return { kind: 'kept' };
  onSettled(outcome, settled);
  if (settled.status !== 'pending' && settled.status !== 'fulfilled') return { kind: 'settled_elsewhere' };
  const { countedFailures, isCounted } = settled;
  return {
    kind: 'ended',
    attempt: {
      n: attempt.n,
      factory: factory.name,
      worker,
      startedAt,
      endedAt: startedAt + durationMs,
      outcome: outcome.kind,
      ...(outcome.status !== undefined && { status: outcome.status }),
      ...(isCounted && { counted: true }),
    },
    decision: decide({
      outcome: outcome.kind,
      status: outcome.status,
      repeatable: factory.repeatable,
      countedFailures,
    }),
  };
}
