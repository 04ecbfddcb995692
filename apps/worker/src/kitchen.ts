import type { Ledger } from '@proofbox/ledger';
import type { Events } from './events.ts';
import type { Factory } from './factory.ts';

/** What a worker needs to work on orders. */
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
  /** Attempts that this process works on, by name: whoever else it finds under way in its own name was given up. */
  attemptsInHand: Set<string>;
  now: () => number;
  /** Whether the clocks can be trusted so far that orders may be given up by them. */
  mayExpire: () => boolean;
  /** in [0, 1) */
  random: () => number;
};

export function attemptName({ id, n }: { id: string; n: number }): string {
  return `${id} ${n}`;
}
