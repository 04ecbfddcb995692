import type { OrderRecord } from '@proofbox/contract';
import type { Ledger, RedisWatch } from '@proofbox/ledger';
import type { Outbox, PromisedOrder } from '@proofbox/outbox';

/** @throws Error when Redis cannot be asked and the order does not wait in the outbox either */
export type FindOrder = (id: string) => Promise<OrderRecord | undefined>;

/** Looks in the ledger, which knows most, and then in the outbox, which has what the ledger does not have yet. */
export function createFindOrder(sources: {
  ledger: Ledger;
  watch: RedisWatch;
  outbox: Pick<Outbox, 'orders'>;
}): FindOrder {
  const { ledger, watch, outbox } = sources;
  return async (id) => {
    let failure: unknown;
    try {
      const order = await watch.ask(() => ledger.find(id));
      if (order) return order;
    } catch (error) {
      failure = error;
    }
    const promised = outbox.orders.find(id);
    if (promised) return toRecord(promised);
    if (failure instanceof Error) throw failure;
    return undefined;
  };
}

function toRecord({ id, source, dinerId, request, acceptedAt, deadlineMs }: PromisedOrder): OrderRecord {
  return {
    id,
    state: 'queued',
    source,
    dinerId,
    request,
    acceptedAt,
    updatedAt: acceptedAt,
    deadlineAt: acceptedAt + deadlineMs,
    countedFailures: 0,
    replays: 0,
    attempts: [],
  };
}
