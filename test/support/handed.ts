import { inLanes } from './in-lanes.ts';
import type { TakenOrder } from './taken-order.ts';

/**
 * The orders whose diner was served: the receipt, or else the ticket, that came with the first answer is called valid
 * now, for this very order.
 */
export async function findServed(
  orders: readonly TakenOrder[],
  signal: AbortSignal,
): Promise<ReadonlySet<TakenOrder>> {
  const served = new Set<TakenOrder>();
  await inLanes(orders, signal, async (order) => {
    if (await isValid(order).catch(() => false)) served.add(order);
  });
  return served;
}

async function isValid({ id, shopper, handed }: TakenOrder): Promise<boolean> {
  const { status, body } = await shopper.verify(handed);
  const named = body.payload?.['order'] as { id?: unknown } | undefined;
  return status === 200 && body.message === 'valid' && named?.id === id;
}
