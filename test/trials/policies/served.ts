/** What became of one good order. Times are in ms. */
export type Served = {
  /** From accepted to baked; Infinity: never, as long as it was watched. */
  delayMs: number;
  /** Its diner had the pizza in the reply, and no ticket. */
  isAtOnce: boolean;
  isDead: boolean;
};

/** What one way of serving the orders of a row came to. */
export type Result = {
  orders: Served[];
  /** Calls to the primary while it baked nothing. */
  callsToDead: number;
  /** All calls to any factory. */
  calls: number;
  /** All orders, bad ones, too. */
  arrivals: number;
};
