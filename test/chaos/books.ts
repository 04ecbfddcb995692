import type { OrderRecord } from '@proofbox/contract';
import {
  connectPatiently,
  createLedger,
  createNames,
  decodeCursor,
  defaultKeyTag,
  type Cursor,
  type Ledger,
} from '@proofbox/ledger';
import { auditLedger } from './audit.ts';

/** What the ledger says in the end. */
export type Books = {
  records: OrderRecord[];
  /** What `proofbox audit` found that does not fit, a line each. */
  auditFindings: string[];
};

/** A look into the ledger that goes past every link. */
export type Bookkeeper = Disposable & {
  /** Orders that are queued or being baked, and those of `promised` that the ledger does not have yet: an ingest may have spooled them. */
  pending(promised: number): Promise<number>;
  /** Everything. Only of a ledger at rest do the parts belong together. */
  read(): Promise<Books>;
};

export function openBooks(redisUrl: string, onError: (error: Error) => void): Bookkeeper {
  const redis = connectPatiently({ url: redisUrl, onError });
  const ledger = createLedger({ redis, names: createNames(defaultKeyTag) });
  return {
    async pending(promised) {
      const { counters } = await ledger.stats();
      return counters.queued + counters.baking + Math.max(0, promised - counters.accepted);
    },
    async read() {
      return { auditFindings: await auditLedger({ redisUrl }), records: await allRecords(ledger) };
    },
    [Symbol.dispose]: () => redis.disconnect(),
  };
}

async function allRecords(ledger: Ledger): Promise<OrderRecord[]> {
  const records: OrderRecord[] = [];
  let after: Cursor | undefined;
  do {
    const page = await ledger.list({ index: 'all', limit: 500, oldestFirst: true, ...(after && { after }) });
    records.push(...page.orders);
    after = page.nextCursor === undefined ? undefined : decodeCursor(page.nextCursor);
  } while (after !== undefined);
  return records;
}
