import type { Result } from './served.ts';

/** What diners got. Times in ms; Infinity: some never got it. */
export type Measures = {
  orders: number;
  atOnce: number;
  p50: number;
  p95: number;
  max: number;
  dead: number;
  callsToDead: number;
  /** Calls to any factory for each order, bad ones, too. */
  callsPerOrder: number;
};

export function measure({ orders, callsToDead, calls, arrivals }: Result): Measures {
  const delays = orders.map(({ delayMs }) => delayMs);
  return {
    orders: orders.length,
    atOnce: orders.filter(({ isAtOnce }) => isAtOnce).length,
    p50: quantile(delays, 0.5),
    p95: quantile(delays, 0.95),
    max: quantile(delays, 1),
    dead: orders.filter(({ isDead }) => isDead).length,
    callsToDead,
    callsPerOrder: calls / arrivals,
  };
}

/** 0 where there is none. @param part in [0, 1] */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
