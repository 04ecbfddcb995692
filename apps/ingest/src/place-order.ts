import {
  ProblemError,
  toDinerStatus,
  type AcceptedReply,
  type FulfilledReply,
  type OrderRecord,
} from '@proofbox/contract';
import type { Accepted, Ledger, NewOrder, OrderQueue, WakeUps } from '@proofbox/ledger';
import type { Events } from './events.ts';
import type { Ovens } from './ovens.ts';
import type { Tickets } from './tickets.ts';

export type Counter = {
  ledger: Ledger;
  queue: OrderQueue;
  wakeUps: WakeUps;
  ovens: Ovens;
  tickets: Tickets;
  events: Events;
};

export type Reply = { code: 200; body: FulfilledReply } | { code: 202; body: AcceptedReply };

/**
 * Takes an order in and waits up to `waitMs` for its receipt; not at all while no factory takes orders. Once the ledger has it, whatever fails after that, the
 * customer is told that it was taken.
 * @throws ProblemError 422 when the idempotency key was used for another order, 503 when it could not be made durable
 */
export async function placeOrder(counter: Counter, order: NewOrder, waitMs: number): Promise<Reply> {
  const { ledger, queue, wakeUps, events } = counter;
  const accepted = await accept(counter, order);
  const receipt = wakeUps.next(accepted.id, counter.ovens.takeOrders(waitMs) ? waitMs : 0);
  try {
    await queue.add(accepted.id);
    if (accepted.verdict === 'accepted' || !(await hasSettled(ledger, accepted.id))) await receipt.woken;
    return toReply(counter, await ledger.find(accepted.id), order, accepted.id);
  } catch (error) {
    // It is durable, and the workers find orders that have no job.
    events.afterAcceptFailed(accepted.id, error);
    return toReply(counter, undefined, order, accepted.id);
  } finally {
    receipt.cancel();
  }
}

async function accept({ ledger, events }: Counter, order: NewOrder): Promise<Accepted> {
  const accepted = await ledger.accept(order).catch((error: unknown) => {
    events.notDurable(error);
    throw new ProblemError({
      status: 503,
      title: 'Service Unavailable',
      detail: 'Your order could not be stored, so it was not taken. Please try again in a few seconds.',
      headers: { 'Retry-After': '5' },
    });
  });
  events.submitted(order, accepted);
  if (accepted.verdict !== 'conflict') return accepted;
  throw new ProblemError({
    status: 422,
    title: 'Unprocessable Content',
    detail: 'This Idempotency-Key was used for another order. Use a new key for each purchase.',
  });
}

async function hasSettled(ledger: Ledger, id: string): Promise<boolean> {
  const state = (await ledger.find(id))?.state;
  return state !== 'queued' && state !== 'baking';
}

/** `record` is undefined when the ledger could not be asked: what was accepted is known all the same. */
function toReply(counter: Counter, record: OrderRecord | undefined, order: NewOrder, id: string): Reply {
  const shown = record?.request.order ?? { ...order.request.order, id };
  if (record?.receipt !== undefined) {
    return { code: 200, body: { order: shown, jwt: record.receipt, status: 'fulfilled' } };
  }
  return {
    code: 202,
    body: {
      order: shown,
      jwt: counter.tickets.issue(id),
      status: record ? toDinerStatus(record) : 'queued',
      statusUrl: `/api/order/${id}/status`,
    },
  };
}
