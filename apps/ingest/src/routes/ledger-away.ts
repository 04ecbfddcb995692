import { ProblemError } from '@proofbox/contract';
import { UnreadableRecordError } from '@proofbox/ledger';

/** For questions that only the ledger can answer, while it cannot be asked. An order that cannot be read is a fault of ours. */
export function ledgerAway(error?: unknown): never {
  if (error instanceof UnreadableRecordError) throw error;
  throw new ProblemError({
    status: 503,
    title: 'Service Unavailable',
    detail: 'This cannot be looked up right now. Your orders are safe; please try again in a few seconds.',
    headers: { 'Retry-After': '5' },
  });
}
