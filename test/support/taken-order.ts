import type { OrderStatus } from '@proofbox/contract';
import type { Shopper } from './shopper.ts';

/** When a diner placed an order, and when the shop answered; in ms since the epoch. */
export type Submission = { readonly placedAt: number; readonly answeredAt: number };

/** An order that the shop has promised to fulfil. */
export type TakenOrder = Submission & {
  readonly id: string;
  readonly shopper: Shopper;
  /** The first answer was a ticket, not a receipt. */
  readonly hadTicket: boolean;
  /** That ticket or receipt. */
  readonly handed: string;
  /** Every different receipt its diner was ever shown. */
  readonly receipts: Set<string>;
  /** What the shop said when it was asked last; undefined when it was not asked, or did not know. */
  reading: Reading | undefined;
};

export type Reading = {
  status: OrderStatus;
  /** The receipt is there and `POST /api/order/verify` calls it valid, for this order. */
  isVerified: boolean;
};

/** The diner has what they are owed. */
export function isFulfilled({ reading }: Pick<TakenOrder, 'reading'>): boolean {
  return reading !== undefined && reading.status.status === 'fulfilled' && reading.isVerified;
}

/** A dead letter, or held: somebody is looking at it. */
export function isDelayed({ reading }: Pick<TakenOrder, 'reading'>): boolean {
  return reading?.status.status === 'delayed';
}

/** Nothing more will happen by itself. */
export function isSettled(order: Pick<TakenOrder, 'reading'>): boolean {
  return isFulfilled(order) || isDelayed(order);
}
