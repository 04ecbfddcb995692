import {
  isRedisTrouble,
  type Ledger,
  type OrderQueue,
  type RedisWatch,
  type Replicas,
  type Settlement,
} from '@proofbox/ledger';
import type { OutboxRow } from '../files/outbox-row.ts';

/** The Redis that orders are delivered to. */
export type Target = {
  watch: Pick<RedisWatch, 'ask' | 'condition'>;
  ledger: Pick<Ledger, 'accept' | 'restore'>;
  queue: Pick<OrderQueue, 'addAll'>;
  replicas: Replicas;
  /** Whether every factory may be sent an order twice. */
  areRepeatable: boolean;
};

/**
 * What became of one row. `accepted`: Redis has taken it. `restored`, `settled`: Redis had lost it, or had it in an older
 * state. `existing`: Redis had it. `conflict`: it has another order under its key. `failed`: the row stays as it is.
 */
export type Delivery = { row: OutboxRow } & (
  | { status: 'accepted' | 'restored' | 'settled' | 'existing' | 'conflict' }
  | { status: 'failed'; error: unknown }
);

/**
 * Gives Redis those rows that it lacks: the ledger first, the replicas and the queue second. What is done twice is done
 * once in the ledger. @throws Error when Redis fails: then all of them are to be given again
 */
export async function deliver(rows: OutboxRow[], target: Target): Promise<Delivery[]> {
  const { watch, queue, replicas } = target;
  const outcomes = await watch.ask(() => Promise.allSettled(rows.map((row) => giveOne(row, target))));
  const deliveries = rows.map((row, i): Delivery => {
    const outcome = outcomes[i]!;
    if (outcome.status === 'fulfilled') return { row, status: outcome.value };
    if (isRedisTrouble(outcome.reason)) throw outcome.reason;
    return { row, status: 'failed', error: outcome.reason as unknown };
  });
  await watch.ask(() => replicas.confirm());
  // An order that misses its job through a failure here gets it when the workers reconcile.
  const toBake = deliveries.filter((delivery) => isForQueue(delivery, target));
  await watch.ask(() => queue.addAll(toBake.map(({ row }) => row.order.id)));
  return deliveries;
}

async function giveOne(
  { order, state, settlement }: OutboxRow,
  { ledger, areRepeatable }: Target,
): Promise<Exclude<Delivery['status'], 'failed'>> {
  if (settlement) return ledger.restore({ order, settlement: settlement });
  if (state === 'undelivered') return (await ledger.accept(order)).status;
  if (areRepeatable) return ledger.restore({ order });
  const presumed: Settlement = { state: 'held', reason: 'unknown_outcome', at: Date.now() };
  return ledger.restore({ order, presumed });
}

function isForQueue({ row, status }: Delivery, { areRepeatable }: Target): boolean {
  if (row.settlement !== undefined) return false;
  if (row.state === 'undelivered') return status === 'accepted' || status === 'existing';
  return status === 'restored' && areRepeatable;
}
