import { setTimeout as pause } from 'node:timers/promises';
import { orderStatus } from '@proofbox/contract';
import { inLanes } from './in-lanes.ts';
import { isSettled, type Reading, type TakenOrder } from './taken-order.ts';

const everyMs = 300;
/** With many that wait the rounds are farther apart: asking must not take the processor away from baking. */
const everyMsPerOrder = 8;

/**
 * Asks how the orders that are not settled are doing, again and again, until `isDone` or `signal` aborts.
 * @param orders may grow meanwhile
 */
export async function followOrders(options: {
  orders: readonly TakenOrder[];
  signal: AbortSignal;
  isDone: () => boolean;
}): Promise<void> {
  const { orders, signal, isDone } = options;
  for (;;) {
    const open = orders.filter((order) => !isSettled(order));
    await inLanes(open, signal, async (order) => {
      order.reading = await read(order).catch(() => undefined);
    });
    if (isDone() || signal.aborted) return;
    const pauseMs = Math.max(everyMs, open.length * everyMsPerOrder);
    await pause(pauseMs, undefined, { signal }).catch(() => {});
  }
}

/** Asks again about the orders that are settled, until each is found so again or `signal` aborts. */
export async function readOnceMore(orders: readonly TakenOrder[], signal: AbortSignal): Promise<void> {
  const settled = orders.filter(isSettled);
  for (const order of settled) order.reading = undefined;
  await followOrders({ orders: settled, signal, isDone: () => settled.every(isSettled) });
}

async function read({ id, shopper, receipts }: TakenOrder): Promise<Reading | undefined> {
  const answer = await shopper.status(id);
  const { data: status } = orderStatus.safeParse(answer.body);
  if (answer.status !== 200 || status === undefined) return undefined;
  if (status.jwt === undefined) return { status, isVerified: false };
  receipts.add(status.jwt);
  const verified = await shopper.verify(status.jwt);
  const named = verified.body.payload?.['order'] as { id?: unknown } | undefined;
  return { status, isVerified: verified.status === 200 && named?.id === id };
}
