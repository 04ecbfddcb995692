/** One order as this factory saw it. Times in ms since the epoch. */
type OrderCount = {
  orderId: string;
  /** How often it arrived at `POST /api/order`, whatever the answer was. */
  requests: number;
  /** How often a valid receipt was made for it, whether or not anyone was still there to take it. */
  baked: number;
  firstRequestedAt?: number;
  lastRequestedAt?: number;
  firstBakedAt?: number;
  lastBakedAt?: number;
};

/** `forgotten`: orders that were dropped because there were too many; the other numbers still hold them. */
type OrderTotals = {
  orders: number;
  requests: number;
  baked: number;
  ordersBakedMoreThanOnce: number;
  forgotten: number;
};

export type OrderCounts = {
  requested(orderId: string): void;
  baked(orderId: string): void;
  find(orderId: string): OrderCount | undefined;
  totals(): OrderTotals;
  /** In the order in which they first came. */
  list(page: { offset: number; limit: number }): OrderCount[];
  reset(): void;
};

/** About 120 MB when full. */
const defaultCapacity = 500_000;

/** Counts in memory; beyond `capacity` orders the one that came first is forgotten. */
export function createOrderCounts(options: { capacity?: number; now?: () => number } = {}): OrderCounts {
  const { capacity = defaultCapacity, now = Date.now } = options;
  const byId = new Map<string, OrderCount>();
  let totals = noTotals();

  function countOf(orderId: string): OrderCount {
    const known = byId.get(orderId);
    if (known) return known;
    const fresh: OrderCount = { orderId, requests: 0, baked: 0 };
    byId.set(orderId, fresh);
    totals.orders += 1;
    if (byId.size > capacity) {
      byId.delete(byId.keys().next().value!);
      totals.forgotten += 1;
    }
    return fresh;
  }

  return {
    requested(orderId) {
      const count = countOf(orderId);
      count.requests += 1;
      count.lastRequestedAt = now();
      count.firstRequestedAt ??= count.lastRequestedAt;
      totals.requests += 1;
    },
    baked(orderId) {
      const count = countOf(orderId);
      count.baked += 1;
      count.lastBakedAt = now();
      count.firstBakedAt ??= count.lastBakedAt;
      totals.baked += 1;
      if (count.baked === 2) totals.ordersBakedMoreThanOnce += 1;
    },
    find: (orderId) => byId.get(orderId),
    totals: () => ({ ...totals }),
    list: ({ offset, limit }) => byId.values().drop(offset).take(limit).toArray(),
    reset() {
      byId.clear();
      totals = noTotals();
    },
  };
}

function noTotals(): OrderTotals {
  return { orders: 0, requests: 0, baked: 0, ordersBakedMoreThanOnce: 0, forgotten: 0 };
}
