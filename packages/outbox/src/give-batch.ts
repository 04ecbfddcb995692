import type { Accepted, Ledger, OrderQueue, RedisWatch, Replicas } from '@proofbox/ledger';
import type { Journal } from './journal.ts';
import type { SpooledOrder } from './spool-file.ts';

/** Where the orders come from: a spool in use, or a file that nobody uses any more. */
export type BatchSource = {
  settle(batch: { flushed: SpooledOrder[]; parked: SpooledOrder[]; why: string }): void;
};

export type BatchTaker = {
  watch: Pick<RedisWatch, 'ask'>;
  ledger: Pick<Ledger, 'accept'>;
  queue: Pick<OrderQueue, 'add'>;
  replicas: Replicas;
  journal: Journal | undefined;
};

/** `parked`: set aside, because Redis has another order under the same key. The rest stays where it is. */
export type GivenBatch = { flushed: SpooledOrder[]; parked: SpooledOrder[]; failures: unknown[] };

/** Why an order is set aside. */
export const conflict = 'another order with its Idempotency-Key was taken first, at another ingest';

/**
 * Gives some spooled orders to Redis: the ledger first, the replicas and the queue second, and takes them out of the
 * spool once Redis has them. Whatever is done twice is done once in the ledger.
 */
export async function giveBatch(
  source: BatchSource,
  taker: BatchTaker,
  batch: SpooledOrder[],
): Promise<GivenBatch> {
  const { watch, ledger, queue, replicas, journal } = taker;
  const offer = ({ doubleClick: _click, ...order }: SpooledOrder): Promise<Accepted> => ledger.accept(order);
  // Without its double click: the diner holds a ticket of this very order, which must not become another one's.
  const statuses = await watch.ask(() => Promise.allSettled(batch.map(offer)));
  await watch.ask(() => replicas.confirm());
  const withStatus = (...wanted: Accepted['status'][]): SpooledOrder[] =>
    batch.filter((_order, i) => {
      const outcome = statuses[i];
      return outcome?.status === 'fulfilled' && wanted.includes(outcome.value.status);
    });
  const flushed = withStatus('accepted', 'existing');
  const parked = withStatus('conflict');
  await watch.ask(() => Promise.all(flushed.map(({ id }) => queue.add(id))));
  if (journal) await Promise.all(flushed.map((order) => journal.keep(order)));
  source.settle({ flushed, parked, why: conflict });
  const failures = statuses.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
  );
  return { flushed, parked, failures };
}
