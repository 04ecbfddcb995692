import type { Overview } from '@proofbox/contract/admin';

/** Whether every accepted order is somewhere: accepted = fulfilled + pending + held + dead + discarded. */
export type Books = {
  balanced: boolean;
  accepted: number;
  accountedFor: number;
};

export function checkBooks({ accepted, counts }: Pick<Overview, 'accepted' | 'counts'>): Books {
  const { queued, baking, fulfilled, held, dead, discarded } = counts;
  const accountedFor = fulfilled + queued + baking + held + dead + discarded;
  return { balanced: accepted === accountedFor, accepted, accountedFor };
}
