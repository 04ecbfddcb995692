import { setTimeout as pause } from 'node:timers/promises';
import { orderStatus } from '@proofbox/contract';
import { isSettled, type Reading, type TakenOrder } from './taken-order.ts';

const everyMs = 300;
/** So many questions at a time. */
const lanes = 8;

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
    await readAll(
      orders.filter((order) => !isSettled(order)),
      signal,
    );
    if (isDone() || signal.aborted) return;
    await pause(everyMs, undefined, { signal }).catch(() => {});
  }
}

/** Asks again about the orders that are settled, until each is found so again or `signal` aborts. */
export async function readOnceMore(orders: readonly TakenOrder[], signal: AbortSignal): Promise<void> {
  const settled = orders.filter(isSettled);
  for (const order of settled) order.reading = undefined;
  await followOrders({ orders: settled, signal, isDone: () => settled.every(isSettled) });
}

async function readAll(orders: TakenOrder[], signal: AbortSignal): Promise<void> {
  // All lanes take from one iterator.
  const unread = orders.values();
  async function lane(): Promise<void> {
    for (const order of unread) {
      if (signal.aborted) return;
      order.reading = await read(order).catch(() => undefined);
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane));
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
