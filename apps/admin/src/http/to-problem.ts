import { ProblemError } from '@proofbox/contract';
import { isRedisTrouble, redisTroubleOf, unfitReason, UnreadableRecordError } from '@proofbox/ledger';
import { redisDoesNotAnswer, redisRefuses } from './refusals.ts';

/** What went wrong in words for whoever asked, where it is known; anything else as it is. */
export function toProblem(error: unknown): unknown {
  if (redisTroubleOf(error) === 'unfit') return redisRefuses(unfitReason(error as Error));
  if (isRedisTrouble(error)) return redisDoesNotAnswer();
  if (error instanceof UnreadableRecordError) {
    return new ProblemError({
      status: 500,
      title: 'Internal Server Error',
      detail: `${error.message} Another release of Proofbox wrote it, or it is broken: nothing was changed.`,
    });
  }
  return error;
}
