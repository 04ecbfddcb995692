import { z } from 'zod';
import { factoryName } from '../factory/factory-name.ts';
import { idValue, orderWithId } from '../order/order.ts';
import { outcomeKind } from '../order/outcome.ts';
import { orderState, deadLetterReason } from '../order/order-state.ts';
import { auditEntry } from './audit-entry.ts';
import { orderTime } from './order-filter.ts';

const time = z.iso.datetime();

/**
 * Name, e-mail, and an id that may be one of them, are masked (`p••• d•••`, `d•••@j•••`), unless an operator had them
 * revealed.
 */
const dinerView = z.object({
  id: z.string(),
  name: z.string().optional(),
  email: z.string().optional(),
  isMasked: z.boolean(),
});
export type DinerView = z.infer<typeof dinerView>;

/** One call to one factory. `detail` is what it said, redacted. */
const attemptView = z.object({
  n: z.number(),
  factory: factoryName,
  worker: z.string(),
  startedAt: time,
  endedAt: time.optional(),
  durationMs: z.number().optional(),
  outcome: z.union([outcomeKind, z.literal('under_way')]),
  status: z.number().optional(),
  detail: z.string().optional(),
  /** The factory supplied a link that ends its chaos. It holds our key, and is not kept. */
  endChaosLink: z.boolean().optional(),
  /** Counts against the order: the factory baked another one meanwhile. */
  counted: z.boolean().optional(),
  /** Its worker was taken for dead then; the answer came later. */
  givenUpAt: time.optional(),
  /** A receipt that came after the order had one, and was ignored. */
  late: z.boolean().optional(),
});
export type AttemptView = z.infer<typeof attemptView>;

/** An order in one row of a list. `total` is the sum of its prices. */
export const orderRow = z.object({
  id: z.string(),
  state: orderState,
  reason: deadLetterReason.optional(),
  diner: dinerView,
  franchiseId: idValue,
  storeId: idValue,
  items: z.number(),
  total: z.number(),
  acceptedAt: time,
  /** When it was settled; absent while it is pending. */
  settledAt: time.optional(),
  attempts: z.number(),
  lastAttempt: attemptView.optional(),
  replays: z.number(),
});
export type OrderRow = z.infer<typeof orderRow>;

/**
 * A page of a search. A search looks at so many orders and no more for one page: where few match, a page may have fewer
 * than were asked for, or none, and the search goes on at `nextCursor` all the same. Without `nextCursor` it has ended.
 */
export const orderPage = z.object({
  orders: z.array(orderRow),
  /** Ids of orders that match, and whose record this release cannot read. */
  unreadable: z.array(z.string()).optional(),
  nextCursor: z.string().optional(),
  sortedBy: orderTime,
  /** Orders looked at for this page. */
  examined: z.number(),
  /** Orders that are still to be looked at after this page, at most; 0 at the end. */
  remaining: z.number(),
});
export type OrderPage = z.infer<typeof orderPage>;

/** What an order said before it was edited. */
const editView = z.object({ at: time, by: z.string(), why: z.string(), before: orderWithId });
export type EditView = z.infer<typeof editView>;

/** What a person should do about an order, as text; `actions` are those that make sense. */
const nextStep = z.object({
  advice: z.string(),
  actions: z.array(z.enum(['replay', 'edit', 'discard', 'factories'])),
});
export type NextStep = z.infer<typeof nextStep>;

/** The story of one order. */
export const orderDetail = orderRow.extend({
  source: z.enum(['frontend', 'service']),
  updatedAt: time,
  deadlineAt: time,
  fulfilledAt: time.optional(),
  replayedAt: time.optional(),
  /** When it was restored from an outbox, after Redis had lost it. Its attempts before that are not known. */
  restoredAt: time.optional(),
  discardReason: z.string().optional(),
  /** That the receipt came from. */
  factory: factoryName.optional(),
  hasReceipt: z.boolean(),
  countedFailures: z.number(),
  /** The order as it goes to the factory. */
  order: orderWithId,
  attemptHistory: z.array(attemptView),
  edits: z.array(editView),
  /** What people did to it, oldest first. */
  audit: z.array(auditEntry),
  nextStep,
});
export type OrderDetail = z.infer<typeof orderDetail>;
