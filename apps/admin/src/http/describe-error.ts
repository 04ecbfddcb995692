import { Conflict, InvalidCursor, isRedisTrouble } from '@proofbox/ledger';

/** Why a task does not move on, for an operator. */
export function describeError(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof InvalidCursor || error instanceof Conflict) return message;
  if (message.startsWith('OOM')) return 'Redis is full, and takes no changes';
  if (isRedisTrouble(error)) return 'Redis does not answer; the task goes on when Redis is back';
  return `a step failed, and the admin server tries it again: ${message.slice(0, 200)}`;
}
