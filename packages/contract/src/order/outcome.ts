import { z } from 'zod';

/**
 * How one call to one factory ended (ARCHITECTURE.md, "Outcomes").
 * - `fulfilled`: a receipt that verifies and names our order
 * - `not_sent`: no byte of the request left, so nothing can have been baked
 * - `failed`: the factory answered, and the answer is no pizza
 * - `receipt_mismatch`: a receipt that verifies and names our order, but says something else than was ordered
 * - `unknown`: the request left and no answer came; it may have been baked
 * - `throttled`: the factory asks for patience
 * - `rejected`: the factory says that this order is wrong
 * - `misconfigured`: the factory says that we are wrong
 */
export const outcomeKinds = [
  'fulfilled',
  'not_sent',
  'failed',
  'receipt_mismatch',
  'unknown',
  'throttled',
  'rejected',
  'misconfigured',
] as const;
export const outcomeKind = z.enum(outcomeKinds);
export type OutcomeKind = z.infer<typeof outcomeKind>;

/** `detail` is for admins: short, redacted, never the factory's `reportUrl`. */
type ReplyFacts = { status?: number; detail: string; endChaosLink?: boolean };

export type Outcome =
  | ({ kind: 'fulfilled'; receipt: string } & Omit<ReplyFacts, 'detail'>)
  | ({ kind: 'not_sent' } & ReplyFacts)
  | ({ kind: 'failed' } & ReplyFacts)
  | ({ kind: 'receipt_mismatch' } & ReplyFacts)
  | ({ kind: 'unknown' } & ReplyFacts)
  | ({ kind: 'throttled'; retryAfterMs: number } & ReplyFacts)
  | ({ kind: 'rejected' } & ReplyFacts)
  | ({ kind: 'misconfigured' } & ReplyFacts);
