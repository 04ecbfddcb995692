import type { OrderRecord } from '@proofbox/contract';
import { connectPatiently, createLedger, createNames, defaultKeyTag } from '@proofbox/ledger';
import { reconcileLedger } from './reconcile.ts';

/** What the ledger says in the end. */
export type Books = {
  records: OrderRecord[];
  /** What `proofbox reconcile` found that does not fit, a line each. */
  reconcileFindings: string[];
};

/** A look into the ledger that goes past every link. */
export type Bookkeeper = Disposable & {
  /** Orders that are queued or being baked, and those of `promised` that the ledger does not have yet: they may wait in the outbox of an ingest. */
  pending(promised: number): Promise<number>;
  /** Everything. The parts belong together only while nothing moves in the ledger. */
  read(): Promise<Books>;
};

export function openBooks(redisUrl: string, onError: (error: Error) => void): Bookkeeper {
  const redis = connectPatiently({ url: redisUrl, onError });
  const names = createNames(defaultKeyTag);
  const ledger = createLedger({ redis, names });
  async function allRecords(): Promise<OrderRecord[]> {
    const ids = await redis.zrange(names.byTime, '0', '-1');
    const records: OrderRecord[] = [];
    for (let first = 0; first < ids.length; first += 500)
      records.push(...(await ledger.findMany(ids.slice(first, first + 500))));
    return records;
  }

  return {
    async pending(promised) {
      const { counters } = await ledger.stats();
      return counters.queued + counters.baking + Math.max(0, promised - counters.accepted);
    },
    async read() {
      return { reconcileFindings: await reconcileLedger({ redisUrl }), records: await allRecords() };
    },
    [Symbol.dispose]: () => redis.disconnect(),
  };
}
