/** How a simulated factory answers one call, after so many ms. */
export type Answer = { afterMs: number } & (
  | { kind: 'baked' }
  /** A 200 with a receipt that does not verify. */
  | { kind: 'lie' }
  | { kind: 'status'; status: number; retryAfterSeconds?: number }
  | { kind: 'refused_connection' }
);

/** One call that a factory gets. `nth`: 1 when this order comes for the first time. `at` is in ms since the start. */
type Call = { orderId: string; nth: number; isBad: boolean; at: number };

/** How a factory behaves: it may remember what it was sent, so each simulation has one of its own. */
export type Behaviour = (call: Call) => Answer;

const bakesInMs = 20;
const never = Infinity;

export const baked: Answer = { kind: 'baked', afterMs: bakesInMs };
export const hangs: Answer = { kind: 'baked', afterMs: never };
export const lies: Answer = { kind: 'lie', afterMs: bakesInMs };
export const refusesConnections: Answer = { kind: 'refused_connection', afterMs: 1 };

export function bakedAfter(afterMs: number): Answer {
  return { kind: 'baked', afterMs };
}

export function says(status: number, { retryAfterSeconds }: { retryAfterSeconds?: number } = {}): Answer {
  return {
    kind: 'status',
    status,
    afterMs: bakesInMs / 2,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  };
}
