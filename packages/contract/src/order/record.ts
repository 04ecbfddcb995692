import { z } from 'zod';
import { factoryName } from '../factory/factory-name.ts';
import { factoryRequest } from '../factory/factory.ts';
import { orderState, deadLetterReason } from './order-state.ts';
import { outcomeKind } from './outcome.ts';

/** One call to one factory. Times are milliseconds since the epoch; no `endedAt`: still under way. */
export const attempt = z.object({
  n: z.number().int().positive(),
  factory: factoryName,
  worker: z.string(),
  startedAt: z.number(),
  endedAt: z.number().optional(),
  outcome: outcomeKind.optional(),
  status: z.number().optional(),
  detail: z.string().optional(),
  /** The factory offered a link that ends its chaos; the link itself holds our key and is not kept. */
  endChaosLink: z.boolean().optional(),
  /** This failure counts against the order: the same factory baked another one meanwhile. */
  counted: z.boolean().optional(),
  /** Its worker was taken for dead then, and its outcome for unknown; the answer came later. */
  givenUpAt: z.number().optional(),
  /** A verified receipt that came after the order was settled, and was ignored. */
  late: z.boolean().optional(),
});
export type Attempt = z.infer<typeof attempt>;

/** An order as the ledger keeps it. Times are milliseconds since the epoch. */
export const orderRecord = z.object({
  id: z.string(),
  state: orderState,
  reason: deadLetterReason.optional(),
  source: z.enum(['frontend', 'service']),
  dinerId: z.string(),
  request: factoryRequest,
  acceptedAt: z.number(),
  updatedAt: z.number(),
  deadlineAt: z.number(),
  fulfilledAt: z.number().optional(),
  factory: factoryName.optional(),
  receipt: z.string().optional(),
  countedFailures: z.number(),
  /** Attempts before this are history: they do not lengthen the back-off any more. */
  replayedAt: z.number().optional(),
  replays: z.number(),
  /** How often it was edited. */
  edits: z.number().optional(),
  discardReason: z.string().optional(),
  /** Redis had lost it and it was restored then, without its attempts. */
  restoredAt: z.number().optional(),
  attempts: z.array(attempt),
});
export type OrderRecord = z.infer<typeof orderRecord>;
export type OrderSource = OrderRecord['source'];

/** What a list says of an order: not all of its record, and of its attempts how many there are and the last one. */
export const orderSummary = orderRecord
  .pick({
    id: true,
    state: true,
    reason: true,
    dinerId: true,
    request: true,
    acceptedAt: true,
    updatedAt: true,
    replays: true,
  })
  .extend({ attempts: z.number(), lastAttempt: attempt.optional() });
export type OrderSummary = z.infer<typeof orderSummary>;

export function summaryOf({ attempts, ...record }: OrderRecord): OrderSummary {
  const lastAttempt = attempts.at(-1);
  return { ...record, attempts: attempts.length, ...(lastAttempt && { lastAttempt }) };
}

/** What the queue carries: only which order. The ledger knows the rest. */
export const orderJob = z.object({ orderId: z.string() });
export type OrderJob = z.infer<typeof orderJob>;
