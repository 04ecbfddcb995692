import { z } from 'zod';
import { isoTime } from '../text/iso-time.ts';
import { orderWithId } from './order.ts';
import { outcomeKind } from './outcome.ts';
import { factoryName } from '../factory/factory-name.ts';
import type { OrderRecord } from './record.ts';

/** What a diner sees. `delayed`: an operator is looking at it; `cancelled`: it will not be baked. */
export const dinerStatus = z.enum(['queued', 'retrying', 'fulfilled', 'delayed', 'cancelled']);
export type DinerStatus = z.infer<typeof dinerStatus>;

/** `GET /api/order/:id/status`. Times are ISO 8601 in UTC, durations milliseconds. */
export const orderStatus = z.object({
  id: z.string(),
  status: dinerStatus,
  order: orderWithId,
  acceptedAt: z.string(),
  updatedAt: z.string(),
  fulfilledAt: z.string().optional(),
  attempts: z.array(
    z.object({
      n: z.number(),
      factory: factoryName,
      startedAt: z.string(),
      durationMs: z.number().optional(),
      outcome: z.union([outcomeKind, z.literal('under_way')]),
    }),
  ),
  jwt: z.string().optional(),
});
export type OrderStatus = z.infer<typeof orderStatus>;

/** The six states of the ledger as the five words a diner reads. */
export function toDinerStatus(record: Pick<OrderRecord, 'state' | 'attempts'>): DinerStatus {
  switch (record.state) {
    case 'fulfilled':
      return 'fulfilled';
    case 'held':
    case 'dead':
      return 'delayed';
    case 'discarded':
      return 'cancelled';
    case 'queued':
    case 'baking':
      return record.attempts.some((each) => each.outcome !== undefined) ? 'retrying' : 'queued';
  }
}

/** The diner's view of a record: no reasons, no factory replies, no names of machines. */
export function toOrderStatus(record: OrderRecord): OrderStatus {
  return {
    id: record.id,
    status: toDinerStatus(record),
    order: record.request.order,
    acceptedAt: isoTime(record.acceptedAt),
    updatedAt: isoTime(record.updatedAt),
    ...(record.fulfilledAt !== undefined && { fulfilledAt: isoTime(record.fulfilledAt) }),
    attempts: record.attempts.map((each) => ({
      n: each.n,
      factory: each.factory,
      startedAt: isoTime(each.startedAt),
      ...(each.endedAt !== undefined && { durationMs: each.endedAt - each.startedAt }),
      outcome: each.outcome ?? 'under_way',
    })),
    ...(record.receipt !== undefined && { jwt: record.receipt }),
  };
}
