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
};

export function measure({ orders, callsToDead }: Result): Measures {
  const delays = orders.map(({ delayMs }) => delayMs).toSorted((a, b) => a - b);
  const at = (part: number): number => delays[Math.min(delays.length - 1, Math.floor(delays.length * part))] ?? 0;
  return {
    orders: orders.length,
    atOnce: orders.filter(({ isAtOnce }) => isAtOnce).length,
    p50: at(0.5),
    p95: at(0.95),
    max: delays.at(-1) ?? 0,
    dead: orders.filter(({ isDead }) => isDead).length,
    callsToDead,
  };
}
