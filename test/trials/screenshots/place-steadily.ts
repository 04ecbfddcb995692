import type { Shopper } from '../../support/shopper.ts';

/** Places so many orders a second until it is disposed. What becomes of them is of no matter. */
export function placeSteadily(shopper: Shopper, perSecond: number): Disposable {
  const timer = setInterval(() => void shopper.order().catch(() => {}), 1_000 / perSecond);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
