import type { OrderPage, OrderRow } from '@proofbox/contract/admin';

export const pageSize = 50;

export type SearchProgress = {
  orders: OrderRow[];
  /** Orders looked at so far, and how many there are to look at, from where this page began. */
  examined: number;
  total: number;
  /** What to ask for to fill the page; undefined when it is full or nothing is left. */
  next: { cursor: string; limit: number } | undefined;
  /** Where the page after this one begins; undefined where there is none. */
  nextCursor: string | undefined;
};

/** How far the search for one page has come, by the parts the server gave so far. */
export function searchProgress(parts: readonly OrderPage[]): SearchProgress {
  // An order that moves while it is looked for may be met twice.
  const found = new Map(parts.flatMap((part) => part.orders).map((order) => [order.id, order]));
  const orders = [...found.values()];
  const examined = parts.reduce((sum, part) => sum + part.examined, 0);
  const last = parts.at(-1);
  const nextCursor = last?.nextCursor;
  const missing = pageSize - orders.length;
  return {
    orders,
    examined,
    total: examined + (last?.remaining ?? 0),
    next: nextCursor === undefined || missing <= 0 ? undefined : { cursor: nextCursor, limit: missing },
    nextCursor,
  };
}
