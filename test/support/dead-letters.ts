import { randomUUID } from 'node:crypto';
import type { Diner, FactoryName, OrderRecord, DeadLetterReason } from '@proofbox/contract';
import { connectPatiently, createLedger, createNames, type Ledger, type Names } from '@proofbox/ledger';
import { anOrder } from './shopper.ts';

/** What a dead letter is like; the rest is like any other's. */
type DeadLetterLike = {
  reason?: DeadLetterReason;
  factory?: FactoryName;
  diner?: Diner;
  /** Of the order that the customer sent. */
  order?: Record<string, unknown>;
  /** What the factory said at the last attempt. */
  detail?: string;
};

/** The ledger of a running shop, to put dead letters into and to look past the API. */
export type DeadLetters = AsyncDisposable & {
  ledger: Ledger;
  redis: ReturnType<typeof connectPatiently>;
  names: Names;
  /** @returns its id */
  add(like?: DeadLetterLike): Promise<string>;
  read(id: string): Promise<OrderRecord>;
};

export function openDeadLetters({ redisUrl, keyTag }: { redisUrl: string; keyTag: string }): DeadLetters {
  const redis = connectPatiently({
    url: redisUrl,
    onError: (error) => void process.stderr.write(`${error.message}\n`),
  });
  const names = createNames(keyTag);
  const ledger = createLedger({ redis, names });

  return {
    ledger,
    redis,
    names,
    async add({ reason = 'expired', factory = 'primary', diner = { id: 2 }, order, detail } = {}) {
      const id = `pb-${randomUUID()}`;
      await ledger.accept({
        id,
        fingerprint: id,
        source: 'frontend',
        dinerId: String(diner.id),
        request: { diner, order: { ...anOrder(order), id } as never },
        deadlineMs: 86_400_000,
      });
      const begun = await ledger.beginAttempt({ id, factory, worker: 'a test', token: id, leaseMs: 1_000 });
      if (begun.status !== 'begun') throw new Error(`${id} is ${begun.status}`);
      const kind = reason === 'rejected' ? 'rejected' : 'failed';
      await ledger.settle({ ...begun.attempt, outcome: { kind, detail: detail ?? 'no oven' } });
      await ledger.deadLetter({ id, reason, state: reason === 'unknown_outcome' ? 'held' : 'dead' });
      return id;
    },
    async read(id) {
      const record = await ledger.find(id);
      if (record === undefined) throw new Error(`${id} is not there`);
      return record;
    },
    async [Symbol.asyncDispose]() {
      redis.disconnect();
    },
  };
}
