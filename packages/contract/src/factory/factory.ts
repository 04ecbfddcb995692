import { z } from 'zod';
import { diner, idValue, orderWithId } from '../order/order.ts';

/** `POST /api/order` of a factory, and of our door for an order service. */
export const factoryRequest = z.looseObject(
  { diner, order: orderWithId },
  { error: 'expected an object with diner and order' },
);
export type FactoryRequest = z.infer<typeof factoryRequest>;

/** A factory's 2xx. That `jwt` is there proves nothing: only its signature does. */
export const factoryReply = z.looseObject({ jwt: z.string().min(1) });

/** What a receipt says once its signature holds: `{vendor, diner, order}`, with the order as it was sent. */
export const receiptPayload = z.looseObject({ order: z.looseObject({ id: idValue }) });
export type ReceiptPayload = z.infer<typeof receiptPayload>;
