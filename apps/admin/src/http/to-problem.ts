import { notValid } from '@proofbox/contract';
import {
  Conflict,
  InvalidCursor,
  InvalidEdit,
  isRedisTrouble,
  OrderTooLarge,
  redisTroubleOf,
  unfitReason,
  UnreadableRecordError,
} from '@proofbox/ledger';
import { refusal } from '@proofbox/runtime';
import { redisDoesNotAnswer, redisRefuses } from './refusals.ts';

/** What went wrong as a problem, where it is known; anything else as it is. */
export function toProblem(error: unknown): unknown {
  if (error instanceof Conflict) return refusal(409, error.message);
  if (error instanceof InvalidCursor) return refusal(400, error.message);
  if (error instanceof InvalidEdit)
    return notValid('The order', [{ path: error.field, message: error.message }]);
  if (error instanceof OrderTooLarge) return refusal(413, error.message);
  if (redisTroubleOf(error) === 'unfit') return redisRefuses(unfitReason(error as Error));
  if (isRedisTrouble(error)) return redisDoesNotAnswer();
  if (error instanceof UnreadableRecordError) {
    return refusal(
      500,
      `${error.message} Another release of Proofbox wrote it, or it is damaged. Nothing was changed.`,
    );
  }
  return error;
}
