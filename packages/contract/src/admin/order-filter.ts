import { z } from 'zod';
import { atMost } from '../text/at-most.ts';
import { factoryName } from '../factory/factory-name.ts';
import { orderState, deadLetterReason } from '../order/order-state.ts';
import { wellFormed } from '../text/well-formed.ts';

/** The largest page a list gives. */
export const largestPage = 200;

const moment = z.iso.datetime({ offset: true, error: 'expected a time such as 2026-11-23T14:00:00Z' });

/** As what it is compared with is stored. */
const kept = z.string().overwrite((text) => wellFormed(text));

/**
 * Which orders: all conditions must hold, and within a list of values any of them. An empty filter means every order.
 * The time of an order is when it was settled, where `state` or `reason` ask only for settled orders; else it is when
 * the order was accepted.
 */
export const orderFilter = z.strictObject({
  state: z.array(orderState).min(1).optional().describe('Any of these states'),
  reason: z.array(deadLetterReason).min(1).optional().describe('Any of these reasons'),
  factory: factoryName.optional().describe('The factory that its last attempt went to'),
  diner: atMost(kept.min(1), 200).optional().describe("The diner's whole id, as it is unmasked"),
  store: atMost(kept.min(1), 200).optional().describe("The store's id"),
  /** Upper and lower case of A to Z are the same. A text without a digit is not looked for within ids: 20 or more letters and digits, among them a digit. */
  text: atMost(kept.trim().min(1), 200).optional().describe("A part of what its last attempt's error says"),
  from: moment
    .optional()
    .describe(
      'Orders from this time on. It is the time when an order was settled if `state` or `reason` select settled orders only, else the time when it was accepted',
    ),
  to: moment.optional().describe('Orders before this time, which is the same as for `from`'),
});
export type OrderFilter = z.infer<typeof orderFilter>;

/** What an order's time is, and what a list is sorted by. */
export const orderTime = z.enum(['acceptedAt', 'settledAt']);
export type OrderTime = z.infer<typeof orderTime>;

const settledStates: readonly string[] = ['fulfilled', 'held', 'dead', 'discarded'];

/** By which of its times a filter finds an order. */
export function timeOf({ state, reason }: Pick<OrderFilter, 'state' | 'reason'>): OrderTime {
  if (reason !== undefined) return 'settledAt';
  return state?.every((each) => settledStates.includes(each)) ? 'settledAt' : 'acceptedAt';
}
