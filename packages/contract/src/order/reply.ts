import { z } from 'zod';
import { orderWithId } from './order.ts';
import { dinerStatus } from './status.ts';

/** 200 of `POST /api/order`: `jwt` is the receipt. */
export const fulfilledReply = z.object({
  order: orderWithId,
  jwt: z.string(),
  status: z.literal('fulfilled'),
});
export type FulfilledReply = z.infer<typeof fulfilledReply>;

/** 202 of `POST /api/order`: durable and on its way; `jwt` is the ticket. */
export const acceptedReply = z.object({
  order: orderWithId,
  jwt: z.string(),
  status: dinerStatus,
  statusUrl: z.string(),
});
export type AcceptedReply = z.infer<typeof acceptedReply>;

/** Body of `POST /api/order/verify`: a receipt or a ticket. */
export const verifyIn = z.looseObject(
  { jwt: z.string({ error: 'expected a receipt or a ticket' }).min(1, 'expected a receipt or a ticket') },
  { error: 'expected an object with jwt' },
);

/** 200 of `POST /api/order/verify`. `payload` is what the receipt says, or the order's status for a ticket. */
export const verifyReply = z.object({
  message: z.enum(['valid', 'pending', 'delayed']),
  payload: z.looseObject({}),
  jwt: z.string().optional(),
});
export type VerifyReply = z.infer<typeof verifyReply>;
