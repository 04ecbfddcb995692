import type { FactoryName } from '@proofbox/contract';
import type { Ledger } from '@proofbox/ledger';
import type { Events } from '../telemetry/events.ts';
import type { Factory } from '../factory/factory.ts';
import type { OutcomeKeeper } from './outcome-keeper.ts';

/** What a worker needs to work on orders. */
export type WorkerContext = {
  ledger: Pick<
    Ledger,
    'find' | 'beginAttempt' | 'keepAttempt' | 'settle' | 'requeue' | 'deadLetter' | 'expire' | 'reclaim'
  >;
  /** In order of preference. */
  factories: readonly Factory[];
  events: Pick<
    Events,
    'attemptEnded' | 'attemptInterrupted' | 'deadLettered' | 'orderMissing' | 'orderRefused'
  >;
  /** This process, as attempts name it. */
  worker: string;
  timeoutMs: number;
  /** For a half-open factory while another one could take the order: no diner waits long for our curiosity. */
  probeTimeoutMs: number;
  /** The factory refused an order: only when it bakes another one now, the order is wrong. */
  wantWitness: (factory: FactoryName) => void;
  /** Holds what a factory has answered until it is written down. */
  keeper: OutcomeKeeper;
  /** Attempts that this process works on, by name: any other attempt under way in its own name was given up. */
  attemptsInHand: Set<string>;
  onError: (error: Error) => void;
  now: () => number;
  /** Whether the clocks can be trusted so far that orders may be given up by them. */
  mayExpire: () => boolean;
  /** in [0, 1) */
  random: () => number;
};

export function attemptName({ id, n }: { id: string; n: number }): string {
  return `${id} ${n}`;
}
