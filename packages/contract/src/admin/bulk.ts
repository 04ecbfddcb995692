import { z } from 'zod';
import { deadLetterReason } from '../order/order-state.ts';
import { reasonGiven } from './reason-given.ts';
import { orderFilter } from './order-filter.ts';
import { orderRow } from './order-view.ts';

const bulkActions = ['replay', 'discard'] as const;
const bulkAction = z.enum(bulkActions);
export type BulkAction = z.infer<typeof bulkAction>;

/** Orders a second. */
export const bulkRate = z
  .number({ error: 'expected a rate: 1 to 5000 orders a second' })
  .int('expected a whole number of orders a second')
  .min(1, 'expected a rate of 1 to 5000 orders a second')
  .max(5_000, 'expected a rate of 1 to 5000 orders a second');

/** The most orders that can be named one by one. */
export const mostIds = 1_000;

/** Which dead letters: those that a filter finds (it looks at dead and held orders only), or those named. */
export const bulkTarget = z.union(
  [
    z.strictObject({ filter: orderFilter }),
    z.strictObject({ ids: z.array(z.string().min(1).max(200)).min(1).max(mostIds) }),
  ],
  { error: `expected {filter} with conditions as for a list of orders, or {ids} with 1 to ${mostIds} ids` },
);
export type BulkTarget = z.infer<typeof bulkTarget>;

/** What is to be looked at. Replay and discard go to the same orders. */
export const bulkPreviewIn = z.strictObject({ action: bulkAction.optional(), target: bulkTarget });

/** What a task would do, without doing it. Counting ends after a while: `isExact` is false where it did. */
export const bulkPreview = z.object({
  count: z.number(),
  isExact: z.boolean(),
  byReason: z.partialRecord(deadLetterReason, z.number()),
  /** A few of them, the oldest first. */
  sample: z.array(orderRow),
});
export type BulkPreview = z.infer<typeof bulkPreview>;

export const bulkIn = z.strictObject({
  action: bulkAction,
  target: bulkTarget,
  rate: bulkRate,
  why: reasonGiven,
});
export type BulkIn = z.infer<typeof bulkIn>;

export const bulkStates = ['running', 'paused', 'done', 'aborted'] as const;
const bulkState = z.enum(bulkStates);
export type BulkState = z.infer<typeof bulkState>;

/**
 * A bulk task. It works on the orders that were settled before it was created, oldest first.
 * `moved` counts orders that this task itself replayed or discarded; `unchanged` those that others had moved
 * before; `missing` ids that are no order. In lists and events `target` has only the first few of its ids; `expected`
 * says how many there are.
 */
export const bulkTask = z.object({
  id: z.string(),
  action: bulkAction,
  target: bulkTarget,
  rate: z.number(),
  why: z.string(),
  by: z.string(),
  state: bulkState,
  createdAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
  /** Orders that matched when it was created, as far as they were counted. */
  expected: z.number(),
  isExpectedExact: z.boolean(),
  moved: z.number(),
  unchanged: z.number(),
  missing: z.number(),
  /** Of the last seconds. */
  ratePerSecond: z.number(),
  /** Why it does not move on, while it should: Redis does not answer, for instance. */
  trouble: z.string().optional(),
});
export type BulkTask = z.infer<typeof bulkTask>;

export const bulkTasks = z.object({ tasks: z.array(bulkTask) });
export type BulkTasks = z.infer<typeof bulkTasks>;
