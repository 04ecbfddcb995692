import { UnreadableRecordError } from '@proofbox/ledger';
import { refusal } from '@proofbox/runtime';

/** For questions that only the ledger can answer, while it cannot be asked. An order that cannot be read is a fault of ours. */
export function ledgerAway(error?: unknown): never {
  if (error instanceof UnreadableRecordError) throw error;
  throw refusal(
    503,
    'Orders cannot be looked up right now. Your orders are safe; please try again in a few seconds.',
    { 'Retry-After': '5' },
  );
}
