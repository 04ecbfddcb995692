import type { ProblemError } from '@proofbox/contract';
import type { Accepted, Ledger, NewOrder, RedisWatch, Replicas } from '@proofbox/ledger';
import { refusal } from '@proofbox/runtime';
import type { Outbox } from '@proofbox/outbox';
import type { Events } from '../telemetry/events.ts';
import type { RecentOrders } from './recent-orders.ts';

export type OrderStores = {
  ledger: Ledger;
  replicas: Replicas;
  watch: RedisWatch;
  outbox: Pick<Outbox, 'orders'>;
  recent: RecentOrders;
  events: Events;
};

/** Where it is durable now. */
export type Taken = Accepted & { where: 'redis' | 'outbox' };

/**
 * Makes an order durable: in Redis if it takes orders, else on the local disk. An order that Redis did not answer for in
 * time may be there or not; the disk has it under the same id, and the flush makes them one.
 * @throws ProblemError 503 when neither can, or when Redis would take it and might lose it
 */
export async function takeOrder(stores: OrderStores, order: NewOrder): Promise<Taken> {
  refuseWhereItWouldBeLost(stores);
  const inRedis = stores.watch.condition.state === 'fit' ? await takeInRedis(stores, order) : undefined;
  if (inRedis) return inRedis;
  // What Redis said meanwhile may be that it is full.
  refuseWhereItWouldBeLost(stores);
  return takeInOutbox(stores, order);
}

/** @returns undefined when Redis did not answer, or refused */
async function takeInRedis(
  { ledger, replicas, watch, outbox, recent, events }: OrderStores,
  order: NewOrder,
): Promise<Taken | undefined> {
  const waiting = outbox.orders.recall(order);
  if (waiting && (waiting.status === 'conflict' || waiting.id !== order.id)) {
    return { status: waiting.status, id: waiting.id, where: 'outbox' };
  }
  const promised = { ...order, acceptedAt: waiting?.acceptedAt ?? Date.now() };
  try {
    const accepted = await watch.ask(async () => {
      const answer = await ledger.accept(promised);
      await replicas.confirm();
      return answer;
    });
    recent.remember(order, accepted);
    if (accepted.status === 'accepted') await outbox.orders.keep(promised);
    return { ...accepted, where: 'redis' };
  } catch (error) {
    events.redisDidNotTake(order.id, error);
    return undefined;
  }
}

async function takeInOutbox({ outbox, recent, events }: OrderStores, order: NewOrder): Promise<Taken> {
  const known = recent.recall(order);
  // One that Redis has goes to the outbox all the same: so it can be asked about meanwhile.
  if (known && (known.status === 'conflict' || known.id !== order.id)) return { ...known, where: 'outbox' };
  try {
    const accepted = await outbox.orders.put(order);
    recent.remember(order, accepted);
    return { ...accepted, where: 'outbox' };
  } catch (error) {
    events.notDurable(error);
    throw notTaken(
      'Your order could not be stored, so it was not taken. Please try again in a few seconds.',
      5,
    );
  }
}

function refuseWhereItWouldBeLost({ watch, events }: OrderStores): void {
  const { condition } = watch;
  if (condition.state === 'unfit') {
    events.notDurable(new Error(condition.reasons.join(' ')));
    throw notTaken(
      'Orders cannot be kept safely right now, so yours was not taken. Please try again later.',
      30,
    );
  }
  if (condition.state === 'full') {
    events.notDurable(new Error(condition.why));
    throw notTaken(
      'There is no room for new orders right now, so yours was not taken. Please try again soon.',
      30,
    );
  }
}

function notTaken(detail: string, retryAfterSeconds: number): ProblemError {
  return refusal(503, detail, { 'Retry-After': String(retryAfterSeconds) });
}
