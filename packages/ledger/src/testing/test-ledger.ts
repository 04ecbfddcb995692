import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { inject } from 'vitest';
import { connectPatiently } from '../redis/connections.ts';
import { createLedger, type AttemptKey, type Ledger, type NewOrder } from '../orders/ledger.ts';
import { createNames, type Names } from '../redis/names.ts';
import { createOrderQueue, type OrderQueue } from '../queue/order-queue.ts';

/** A ledger on the run's real Redis, with a key tag of its own and a clock that tests turn by hand. */
export type TestLedger = AsyncDisposable & {
  ledger: Ledger;
  queue: OrderQueue;
  redis: Redis;
  names: Names;
  clock: { now: number };
  /** Accepts an order that is like any other. */
  accepted(changes?: Partial<NewOrder>): Promise<string>;
  /** Begins an attempt, at the primary factory and for 10 s if nothing else is said. */
  begin(id: string, changes?: Partial<Parameters<Ledger['beginAttempt']>[0]>): Promise<AttemptKey>;
};

export function openTestLedger(): TestLedger {
  const redis = connectPatiently({ url: inject('redisUrl'), onError });
  const names = createNames(`test-${randomUUID()}`);
  const clock = { now: 1_000_000 };
  const ledger = createLedger({ redis, names, now: () => clock.now });
  const queue = createOrderQueue({ redis, names, onError });
  return {
    ledger,
    queue,
    redis,
    names,
    clock,
    async accepted(changes) {
      const order = someOrder(changes);
      await ledger.accept(order);
      return order.id;
    },
    async begin(id, changes) {
      const input = { factory: 'primary', worker: 'w', token: randomUUID(), leaseMs: 10_000 } as const;
      const begun = await ledger.beginAttempt({ id, ...input, ...changes });
      if (begun.status !== 'begun') throw new Error(`expected to begin, got ${begun.status}`);
      return begun.attempt;
    },
    async [Symbol.asyncDispose]() {
      await queue[Symbol.asyncDispose]();
      redis.disconnect();
    },
  };
}

export function someOrder(changes: Partial<NewOrder> = {}): NewOrder {
  const id = changes.id ?? `pb-${randomUUID()}`;
  return {
    id,
    fingerprint: 'f',
    source: 'frontend',
    dinerId: '2',
    request: {
      diner: { id: 2 },
      order: { id, franchiseId: 1, storeId: '1', items: [{ menuId: 1, description: 'Veggie', price: 0.05 }] },
    },
    deadlineMs: 60_000,
    ...changes,
  };
}

function onError(error: Error): never {
  throw error;
}
