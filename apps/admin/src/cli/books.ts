import type { LedgerStats } from '@proofbox/ledger';

/** Whether every accepted order is somewhere: accepted = fulfilled + pending + held + dead + discarded. */
export type Books = {
  balanced: boolean;
  accepted: number;
  accountedFor: number;
};

export function checkBooks(counters: LedgerStats['counters']): Books {
  const { accepted, queued, baking, fulfilled, held, dead, discarded } = counters;
  const accountedFor = fulfilled + queued + baking + held + dead + discarded;
  return { balanced: accepted === accountedFor, accepted, accountedFor };
}
