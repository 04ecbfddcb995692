import type { FaultKind } from '../faults/fault.ts';

/** One call of `POST /api/order`. `status` stays `none` until an answer goes out to a client that is still there. */
export type RequestEntry = {
  /** 1 for the first one since the start or the last reset. */
  n: number;
  /** When it arrived, in ms since the epoch. */
  at: number;
  orderId?: string;
  status: number | 'none';
  fault?: FaultKind;
};

export type RequestLog = {
  /** Adds an entry. The caller fills it in as it learns more. */
  add(): RequestEntry;
  /** `total` counts all; `kept` those that can still be listed. */
  size(): { total: number; kept: number };
  /** Up to `limit` entries that came after entry number `after`, oldest first. */
  list(page: { after: number; limit: number }): RequestEntry[];
  reset(): void;
};

const defaultCapacity = 200_000;

/** Keeps the newest `capacity` entries in memory (about 30 MB when full) and forgets older ones. */
export function createRequestLog(options: { capacity?: number; now?: () => number } = {}): RequestLog {
  const { capacity = defaultCapacity, now = Date.now } = options;
  /** A ring: entry n is at (n - 1) % capacity. */
  let ring: RequestEntry[] = [];
  let total = 0;

  return {
    add() {
      total += 1;
      const entry: RequestEntry = { n: total, at: now(), status: 'none' };
      ring[(total - 1) % capacity] = entry;
      return entry;
    },
    size: () => ({ total, kept: ring.length }),
    list({ after, limit }) {
      const first = Math.max(after, total - ring.length);
      const last = Math.min(first + limit, total);
      return Array.from({ length: Math.max(0, last - first) }, (_, i) => ring[(first + i) % capacity]!);
    },
    reset() {
      ring = [];
      total = 0;
    },
  };
}
