import type { AttemptView } from '@proofbox/contract/admin';

/** How an attempt ended, in short: "rejected, 400", "under way". */
export function outcomeLabel({ outcome, status }: AttemptView): string {
  const label = outcome.replaceAll('_', ' ');
  return status === undefined ? label : `${label}, ${status}`;
}

/** What else there is to know about it: what the factory said, and what came of it. */
export function remarksOn(attempt: AttemptView): string {
  return [
    attempt.detail,
    attempt.endChaosLink && 'offers a link that ends its chaos',
    attempt.givenUpAt !== undefined && 'answered after its worker was taken for dead',
    attempt.late && 'this receipt came late and was ignored',
  ]
    .filter(Boolean)
    .join('; ');
}
