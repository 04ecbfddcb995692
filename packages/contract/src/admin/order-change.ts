import { z } from 'zod';
import { orderIn } from '../order/order.ts';
import { orderState } from '../order/order-state.ts';
import { reasonGiven } from './reason-given.ts';

/**
 * With `order` the order is edited first. Its id and its diner cannot be changed. `asOf`: the `updatedAt` of the order that
 * the editor saw; where the order was changed since, nothing is done.
 */
export const replayIn = z.strictObject({
  why: reasonGiven,
  order: orderIn.optional(),
  asOf: z.iso.datetime().optional(),
});
export type ReplayIn = z.infer<typeof replayIn>;

export const discardIn = z.strictObject({ why: reasonGiven });

export const revealIn = z.strictObject({ why: reasonGiven });

/**
 * What became of one order. `unchanged`: another change came first, or it was to be replayed and is no dead letter; `state` is
 * where it stands now.
 */
export const changeResult = z.object({
  id: z.string(),
  result: z.enum(['replayed', 'discarded', 'unchanged']),
  state: orderState,
});
export type ChangeResult = z.infer<typeof changeResult>;
