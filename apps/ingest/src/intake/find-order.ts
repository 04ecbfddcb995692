import type { OrderRecord } from '@proofbox/contract';
import type { Ledger, RedisWatch } from '@proofbox/ledger';
import type { Spool, SpooledOrder } from '@proofbox/outbox';

/** @throws Error when Redis cannot be asked and the order does not wait in the spool either */
export type FindOrder = (id: string) => Promise<OrderRecord | undefined>;

/** Looks in the ledger, which knows most, and then in the spool, which has what the ledger does not have yet. */
export function createFindOrder(places: { ledger: Ledger; watch: RedisWatch; spool: Spool }): FindOrder {
  const { ledger, watch, spool } = places;
  return async (id) => {
    let failure: unknown;
    try {
      const order = await watch.ask(() => ledger.find(id));
      if (order) return order;
    } catch (error) {
      failure = error;
    }
    const spooled = spool.find(id);
    if (spooled) return toRecord(spooled);
    if (failure instanceof Error) throw failure;
    return undefined;
  };
}

function toRecord({ id, source, dinerId, request, acceptedAt, deadlineMs }: SpooledOrder): OrderRecord {
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
