import type { FactoryName } from '@proofbox/contract';
import type { BreakerStates } from '../../support/breaker-states.ts';
import type { SynchronousClient } from '../../support/synchronous-client.ts';
import { isDelayed, isFulfilled, isSettled } from '../../support/taken-order.ts';
import type { Traffic } from '../../support/traffic.ts';
import type { Phase } from './phases.ts';

/** All that is to be seen at one moment. */
export type Scene = {
  elapsedMs: number;
  phase: Phase;
  /** Until the next phase; undefined when nobody knows. */
  leftMs: number | undefined;
  accepted: number;
  fulfilled: number;
  /** Placed, and not fulfilled yet; a part of them has an answer, and with it a ticket. */
  waiting: number;
  withTicket: number;
  refused: number;
  dead: number;
  factories: Record<FactoryName, { label: string; breaker: string }>;
  synchronous: { placed: number; lost: number };
};

export function sceneOf(now: {
  elapsedMs: number;
  phase: Phase;
  leftMs: number | undefined;
  traffic: Traffic;
  synchronous: SynchronousClient;
  breakers: BreakerStates;
}): Scene {
  const { elapsedMs, phase, leftMs, traffic, synchronous, breakers } = now;
  const accepted = traffic.taken.length;
  const fulfilled = traffic.taken.filter(isFulfilled).length;
  const dead = traffic.taken.filter(isDelayed).length;
  const refused = traffic.refusals.length;
  const factory = (name: FactoryName): { label: string; breaker: string } => ({
    label: phase.factories[name].label,
    breaker: breakerLabel(breakers[name]),
  });
  return {
    elapsedMs,
    phase,
    leftMs,
    accepted,
    fulfilled,
    waiting: traffic.sent - fulfilled - dead - refused,
    withTicket: traffic.taken.filter((order) => order.hadTicket && !isSettled(order)).length,
    refused,
    dead,
    factories: { primary: factory('primary'), fallback: factory('fallback') },
    synchronous: { placed: synchronous.placed, lost: synchronous.lost },
  };
}

const breakerLabels: Record<string, string> = {
  closed: 'sends orders',
  open: 'sends none for now',
  half_open: 'tries one order',
  out_of_service: 'has taken it out of service',
};

/** What the worker does about a factory. */
function breakerLabel(state: string | undefined): string {
  if (state === undefined) return 'has not said';
  return breakerLabels[state] ?? `says ${state.replaceAll('_', ' ')}`;
}
