import { randomUUID } from 'node:crypto';
import { readFactoryFacts, takeCanaryTurn, type Names } from '@proofbox/ledger';
import { callFactory, learnFrom } from './call-factory.ts';
import { canaryOrder } from './canary-order.ts';
import { chooseFactory } from './choose-factory.ts';
import type { Events } from './events.ts';
import type { Factory } from './factory.ts';

export type CanaryOptions = {
  events: Pick<Events, 'canaryEnded'>;
  timeoutMs: number;
  now: () => number;
  /** Aborts when the worker stops; what a canary would have told is not learnt then. */
  signal: AbortSignal;
};

/**
 * Sends this factory a canary order if it takes orders. It goes the way of any order, and what comes of it counts as
 * that of any order; while the factory is half-open it is the probe.
 */
export async function sendCanary(factory: Factory, options: CanaryOptions): Promise<void> {
  const { events, timeoutMs, now, signal } = options;
  const request = canaryOrder({ now: now(), token: randomUUID().slice(0, 8) });
  const canaryId = String(request.order.id);
  const choice = await chooseFactory([factory], new Set(), canaryId);
  if (choice === undefined) return;
  const { probe } = choice;
  try {
    await factory.pace.turn();
    if (!probe && factory.breaker.availableAt > 0) return;
    const sentAt = now();
    const outcome = await callFactory(factory, request, { timeoutMs, signal, canary: true, now });
    if (signal.aborted) return;
    learnFrom(outcome, factory, { orderId: canaryId, sentAt });
    events.canaryEnded({ canaryId, factory: factory.name, probe, outcome, durationMs: now() - sentAt });
  } finally {
    factory.breaker.leave(canaryId);
  }
}

/** Sends a canary order to each factory that has neither fulfilled an order nor had a canary within `intervalMs`. */
export async function sendDueCanaries(
  options: CanaryOptions & {
    factories: readonly Factory[];
    redis: Parameters<typeof takeCanaryTurn>[0]['redis'];
    names: Names;
    intervalMs: number;
  },
): Promise<void> {
  const { factories, intervalMs } = options;
  await Promise.all(
    factories.map(async (factory) => {
      if (factory.breaker.places === 0) return;
      const { lastFulfilledAt } = await readFactoryFacts(options, factory.name);
      if (options.now() - lastFulfilledAt < intervalMs) return;
      if (await takeCanaryTurn({ ...options, factory: factory.name })) await sendCanary(factory, options);
    }),
  );
}
