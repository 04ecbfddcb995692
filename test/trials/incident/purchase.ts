import type { Submission } from '../../support/taken-order.ts';

/**
 * One order a diner placed, and what became of it.
 * - `fulfilled`: there is a valid receipt
 * - `dead`: a dead letter, or held: it waits for a person
 * - `refused`: the shop did not take it, and said so or did not answer
 * - `lost`: the shop took it and will never fulfil it
 */
export type Purchase = Submission & {
  fate: 'fulfilled' | 'dead' | 'refused' | 'lost';
  /** Since when that is so, in ms since the epoch. Infinity: it waited, and still did when the replay ended. */
  endedAt: number;
  /** The diner was answered with a valid receipt, or with a ticket that became valid. */
  isDinerServed: boolean;
};

export function delayMsOf({ placedAt, endedAt }: Purchase): number {
  return endedAt - placedAt;
}
