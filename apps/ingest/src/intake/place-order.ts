import { toDinerStatus, type AcceptedReply, type FulfilledReply, type OrderRecord } from '@proofbox/contract';
import type { NewOrder, OrderQueue, SettledNotifier } from '@proofbox/ledger';
import { refusal } from '@proofbox/runtime';
import type { Outbox, PromisedOrder } from '@proofbox/outbox';
import type { FactoryAvailability } from './factory-availability.ts';
import { takeOrder, type OrderStores, type Taken } from './take-order.ts';
import type { Tickets } from '../auth/tickets.ts';

export type Intake = OrderStores & {
  outbox: Pick<Outbox, 'noteSettled'>;
  queue: OrderQueue;
  settledNotifier: SettledNotifier;
  availability: FactoryAvailability;
  tickets: Tickets;
};

export type Reply = { code: 200; body: FulfilledReply } | { code: 202; body: AcceptedReply };

/**
 * Takes an order in and waits up to `waitMs` for its receipt; not at all while no factory takes orders, or where the
 * order waits for Redis. Once it is durable, the reply says that it was taken, whatever fails after that.
 * @throws ProblemError 422 when the idempotency key was used for another order, 503 when it could not be made durable
 */
export async function placeOrder(intake: Intake, order: NewOrder, waitMs: number): Promise<Reply> {
  const taken = await accept(intake, order);
  return taken.where === 'redis'
    ? followOrder(intake, { order, taken, waitMs })
    : toReply(intake, undefined, order, taken.id);
}

async function followOrder(
  intake: Intake,
  { order, taken, waitMs }: { order: NewOrder; taken: Taken; waitMs: number },
): Promise<Reply> {
  const { queue, watch, settledNotifier, outbox, events } = intake;
  const { id } = taken;
  const worthMs = intake.availability.worthWaitingMs(waitMs);
  const receipt = settledNotifier.next(id, worthMs);
  try {
    if (taken.status === 'existing') {
      const known = await find(intake, id);
      // The ingest that took it may have died before it wrote it down.
      if (known) await outbox.orders.keep(asPromised(known, order));
      if (known?.state !== 'queued' && known?.state !== 'baking') return toReply(intake, known, order, id);
    }
    await watch.ask(() => queue.add(id, { isNext: worthMs > 0 }));
    await receipt.woken;
    const baked = await find(intake, id);
    if (baked) outbox.noteSettled(baked);
    return toReply(intake, baked, order, id);
  } catch (error) {
    // It is durable, and the workers find orders that have no job.
    events.afterAcceptFailed(id, error);
    return toReply(intake, undefined, order, id);
  } finally {
    receipt.cancel();
  }
}

/** An order that was taken before, and is promised again now. */
function asPromised({ id, request, acceptedAt, deadlineAt }: OrderRecord, order: NewOrder): PromisedOrder {
  return { ...order, id, request, acceptedAt, deadlineMs: deadlineAt - acceptedAt };
}

async function accept(intake: Intake, order: NewOrder): Promise<Taken> {
  const taken = await takeOrder(intake, order);
  intake.events.submitted(order, taken);
  if (taken.status !== 'conflict') return taken;
  throw refusal(
    422,
    order.source === 'service'
      ? `This API key was used for another order with the number ${order.request.order.id}. Give each order a new number; if your numbers have started again, use another API key.`
      : 'This Idempotency-Key was used for another order. Use a new key for each purchase.',
  );
}

function find({ ledger, watch }: Intake, id: string): Promise<OrderRecord | undefined> {
  return watch.ask(() => ledger.find(id));
}

/** `record` is undefined when the ledger could not be asked: what was accepted is known all the same. */
function toReply(intake: Intake, record: OrderRecord | undefined, order: NewOrder, id: string): Reply {
  const shown = record?.request.order ?? shownOrder(order, id);
  if (record?.receipt !== undefined) {
    return { code: 200, body: { order: shown, jwt: record.receipt, status: 'fulfilled' } };
  }
  return {
    code: 202,
    body: {
      order: shown,
      jwt: intake.tickets.issue(id),
      status: record ? toDinerStatus(record) : 'queued',
      statusUrl: `/api/order/${id}/status`,
    },
  };
}

/** A service has its own number for its order, which is the one it looks for. */
function shownOrder({ source, request }: NewOrder, id: string): FulfilledReply['order'] {
  return source === 'service' ? request.order : { ...request.order, id };
}
