import { z } from 'zod';
import { attempt, parkReason, type OrderRecord } from './record.ts';

/** An order that nobody tries any more, in one row: enough to see what happened and to whom. */
export const deadLetter = z.object({
  id: z.string(),
  state: z.enum(['dead', 'held']),
  reason: parkReason,
  dinerId: z.string(),
  acceptedAt: z.number(),
  updatedAt: z.number(),
  attempts: z.number(),
  lastAttempt: attempt.optional(),
});
export type DeadLetter = z.infer<typeof deadLetter>;

/** The dead letter of a record that is dead or held; undefined for any other. */
export function toDeadLetter(record: OrderRecord): DeadLetter | undefined {
  if ((record.state !== 'dead' && record.state !== 'held') || record.reason === undefined) return undefined;
  const lastAttempt = record.attempts.at(-1);
  return {
    id: record.id,
    state: record.state,
    reason: record.reason,
    dinerId: record.dinerId,
    acceptedAt: record.acceptedAt,
    updatedAt: record.updatedAt,
    attempts: record.attempts.length,
    ...(lastAttempt && { lastAttempt }),
  };
}
