import { orderStates, type OrderRecord, type OrderState } from '@proofbox/contract';
import {
  connectPatiently,
  createLedger,
  createNames,
  decodeCursor,
  defaultKeyTag,
  type Cursor,
  type Ledger,
} from '@proofbox/ledger';

/** How many orders are in each state, and how many there are at all: told twice. */
type Counts = Record<OrderState | 'accepted', number>;

/** What the ledger says about itself. */
export type Books = {
  counters: Counts;
  /** The sizes of the indexes. */
  indexes: Counts;
  records: OrderRecord[];
};

/** A look into the ledger that goes past every link. */
export type Bookkeeper = Disposable & {
  /** Orders that are queued or being baked. */
  pending(): Promise<number>;
  /** Everything. Only of a ledger at rest do the parts belong together. */
  read(): Promise<Books>;
};

export function openBooks(redisUrl: string, onError: (error: Error) => void): Bookkeeper {
  const redis = connectPatiently({ url: redisUrl, onError });
  const names = createNames(defaultKeyTag);
  const ledger = createLedger({ redis, names });
  return {
    async pending() {
      const { counters } = await ledger.stats();
      return counters.queued + counters.baking;
    },
    async read() {
      const { counters } = await ledger.stats();
      const sizes = await Promise.all([
        redis.zcard(names.byTime),
        ...orderStates.map((state) => redis.zcard(names.byState(state))),
      ]);
      const indexes = Object.fromEntries(['accepted', ...orderStates].map((name, i) => [name, sizes[i]]));
      return { counters, indexes: indexes as Counts, records: await allRecords(ledger) };
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

/** accepted = fulfilled + pending + held + dead + discarded, by the counters and by the indexes, and each by the other. */
export function differenceIn({ counters, indexes, records }: Books): string[] {
  const differences: string[] = [];
  const compare = (what: string, one: number, other: number): void => {
    if (one !== other) differences.push(`${what}: ${one} and ${other}`);
  };
  compare('counters: accepted and the sum of the states', counters.accepted, sumOf(counters));
  compare('indexes: accepted and the sum of the states', indexes.accepted, sumOf(indexes));
  compare('accepted by counter and by records', counters.accepted, records.length);
  for (const state of orderStates) {
    compare(`${state} by counter and by index`, counters[state], indexes[state]);
    const inState = records.filter((record) => record.state === state).length;
    compare(`${state} by index and by records`, indexes[state], inState);
  }
  return differences;
}

function sumOf(counts: Counts): number {
  return orderStates.reduce((sum, state) => sum + counts[state], 0);
}
