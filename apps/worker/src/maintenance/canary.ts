import { randomUUID } from 'node:crypto';
import type { Outcome } from '@proofbox/contract';
import { noteCanaryBaked, readFactoryFacts, takeCanaryLease, type Names } from '@proofbox/ledger';
import { callFactory, learnFrom } from '../factory/call-factory.ts';
import { canaryOrder } from './canary-order.ts';
import { chooseFactory } from '../orders/choose-factory.ts';
import type { Events } from '../telemetry/events.ts';
import type { Factory } from '../factory/factory.ts';

export type CanaryOptions = {
  events: Pick<Events, 'canaryEnded'>;
  timeoutMs: number;
  now: () => number;
  /** Aborts when the worker stops; what a canary would have shown is not learnt then. */
  signal: AbortSignal;
};

type Ledger = { redis: Parameters<typeof takeCanaryLease>[0]['redis']; names: Names };

/**
 * Sends this factory a canary order if it takes orders. It goes the way of any order, and what comes of it counts as
 * that of any order; while the factory is half-open it is the probe.
 */
export async function sendCanary(factory: Factory, options: CanaryOptions & Ledger): Promise<void> {
  const { events, timeoutMs, now, signal } = options;
  const request = canaryOrder({ now: now(), token: randomUUID().slice(0, 8) });
  const canaryId = String(request.order.id);
  const choice = await chooseFactory([factory], new Set(), { id: canaryId, attempts: [] });
  if (choice === undefined) return;
  const { probe } = choice;
  try {
    await factory.rate.acquire();
    if (!probe && factory.breaker.availableAt > 0) return;
    const sentAt = now();
    const { outcome } = await callFactory(factory, request, { timeoutMs, signal, canary: true, now });
    if (signal.aborted) return;
    events.canaryEnded({ canaryId, factory: factory.name, probe, outcome, durationMs: now() - sentAt });
    if (outcome.kind === 'fulfilled')
      await noteCanaryBaked(options, { factory: factory.name, canaryId, at: now() });
    if (await saysSomething(outcome, factory, options))
      learnFrom(outcome, factory, { order: { id: canaryId, failures: 0 }, sentAt });
  } finally {
    factory.breaker.leave(canaryId);
  }
}

/** A strict factory may refuse a canary by right; one that has baked some before has no such reason. */
async function saysSomething({ kind }: Outcome, { name }: Factory, ledger: Ledger): Promise<boolean> {
  if (kind !== 'rejected') return true;
  return (await readFactoryFacts(ledger, name)).knowsCanaries;
}

/** Sends a canary order to each factory that has neither fulfilled an order nor had a canary within `intervalMs`. */
export async function sendDueCanaries(
  options: CanaryOptions & Ledger & { factories: readonly Factory[]; intervalMs: number },
): Promise<void> {
  const { factories, intervalMs } = options;
  await Promise.all(
    factories.map(async (factory) => {
      if (factory.breaker.permits === 0) return;
      const { lastFulfilledAt } = await readFactoryFacts(options, factory.name);
      if (options.now() - lastFulfilledAt < intervalMs) return;
      if (await takeCanaryLease({ ...options, factory: factory.name, purpose: 'look' }))
        await sendCanary(factory, options);
    }),
  );
}

/** So often at the most a factory is sent a canary for the orders that it refuses. */
const witnessEveryMs = 2_000;

/** Sends a canary order to a factory that refused an order: one that it bakes is the witness against that order. */
export async function sendWitness(factory: Factory, options: CanaryOptions & Ledger): Promise<void> {
  const acquire = {
    ...options,
    factory: factory.name,
    purpose: 'witness' as const,
    intervalMs: witnessEveryMs,
  };
  if (await takeCanaryLease(acquire)) await sendCanary(factory, options);
}
