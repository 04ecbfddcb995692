import type { Overview } from '@proofbox/contract/admin';

/** Whether every accepted order is somewhere: accepted = fulfilled + pending + held + dead + discarded. */
export type Balance = {
  balanced: boolean;
  accepted: number;
  accountedFor: number;
};

export function balanceOf({ accepted, counts }: Pick<Overview, 'accepted' | 'counts'>): Balance {
  const { queued, baking, fulfilled, held, dead, discarded } = counts;
  const accountedFor = fulfilled + queued + baking + held + dead + discarded;
  return { balanced: accepted === accountedFor, accepted, accountedFor };
}
