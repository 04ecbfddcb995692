import type { Attempt } from '@proofbox/contract';

/** How an attempt ended, in a few words: "rejected, 400", "under way". */
export function outcomeInWords(attempt: Attempt): string {
  if (attempt.outcome === undefined) return 'under way';
  const words = attempt.outcome.replaceAll('_', ' ');
  return attempt.status === undefined ? words : `${words}, ${attempt.status}`;
}

/** What else there is to know about it: what the factory said, and what came of it. */
export function remarksOn(attempt: Attempt): string {
  return [
    attempt.detail,
    attempt.endChaosLink && 'offers a link that ends its chaos',
    attempt.late && 'this receipt came late and was ignored',
  ]
    .filter(Boolean)
    .join('; ');
}
