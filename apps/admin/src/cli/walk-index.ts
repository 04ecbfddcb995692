import type { OrderRecord } from '@proofbox/contract';
import { advance, decodeCursor, type Cursor, type Ledger, type OrderIndex } from '@proofbox/ledger';

export type Step = {
  order: OrderRecord;
  /** Its place in the index, in ms since the epoch. */
  score: number;
  /** Where to go on after this order. */
  cursor: Cursor;
};

/** Walks over the orders of an index one by one, and reads a page from Redis only when it is needed. */
export async function* walkIndex(
  ledger: Ledger,
  input: {
    index: Exclude<OrderIndex, 'all'>;
    oldestFirst: boolean;
    after: Cursor | undefined;
    pageSize: number;
  },
): AsyncGenerator<Step> {
  const { index, oldestFirst, pageSize } = input;
  let cursor = input.after;
  let pageStart = input.after;
  for (;;) {
    const page = await ledger.list({
      index,
      oldestFirst,
      limit: pageSize,
      ...(pageStart && { after: pageStart }),
    });
    for (const order of page.orders) {
      const score = scoreIn(index, order);
      cursor = advance(cursor, [score])!;
      yield { order, score, cursor };
    }
    if (page.nextCursor === undefined) return;
    pageStart = decodeCursor(page.nextCursor);
  }
}

/** A diner's orders are sorted by when they were accepted, orders at rest by when they came to rest. */
function scoreIn(index: Exclude<OrderIndex, 'all'>, order: OrderRecord): number {
  return 'dinerId' in index ? order.acceptedAt : order.updatedAt;
}
