import { ProblemError } from '@proofbox/contract';

/** For questions that only the ledger can answer, while it cannot be asked. */
export function ledgerAway(): never {
  throw new ProblemError({
    status: 503,
    title: 'Service Unavailable',
    detail: 'This cannot be looked up right now. Your orders are safe; please try again in a few seconds.',
    headers: { 'Retry-After': '5' },
  });
}
