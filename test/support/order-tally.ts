import type { FactoryName } from '@proofbox/contract';
import { isDelayed, isFulfilled, isSettled, type TakenOrder } from './taken-order.ts';

/** What is known of a taken order in the end. */
export type Evidence = Pick<TakenOrder, 'id' | 'hadTicket' | 'receipts' | 'reading'>;

/** An order about which something is wrong. */
type Flaw = { id: string; why: string };

export type Tally = {
  accepted: number;
  /** Of those accepted: answered with a ticket, because the receipt took longer. */
  tickets: number;
  fulfilled: number;
  byFactory: Record<FactoryName, number>;
  /** Taken, and in the end neither fulfilled nor a dead letter. */
  lost: Flaw[];
  /** Somebody is looking at them. */
  dead: number;
  /** Orders of which a customer could hold two receipts. */
  duplicates: Flaw[];
  /** From accepted to fulfilled, of the order that waited longest, in ms. */
  longestDelayMs: number;
};

/**
 * Counts what became of the orders that were taken.
 * @param bakedTimes how often each order was baked, by its id, all factories taken together
 */
export function tallyOrders(orders: readonly Evidence[], bakedTimes: ReadonlyMap<string, number>): Tally {
  const fulfilled = orders.filter(isFulfilled);
  const open = orders.filter((order) => !isSettled(order));
  const byId = Map.groupBy(orders, (order) => order.id);
  return {
    accepted: orders.length,
    tickets: orders.filter((order) => order.hadTicket).length,
    fulfilled: fulfilled.length,
    byFactory: {
      primary: fulfilled.filter((order) => bakerOf(order) === 'primary').length,
      fallback: fulfilled.filter((order) => bakerOf(order) === 'fallback').length,
    },
    lost: open.map((order) => ({ id: order.id, why: whyLost(order) })),
    dead: orders.filter(isDelayed).length,
    duplicates: byId
      .entries()
      .flatMap(([id, same]) => {
        const why = whyDuplicate(same, bakedTimes.get(id) ?? 0);
        return why === undefined ? [] : [{ id, why }];
      })
      .toArray(),
    longestDelayMs: Math.max(0, ...fulfilled.map(delayMsOf)),
  };
}

function attemptsOf({ reading }: Evidence): NonNullable<Evidence['reading']>['status']['attempts'] {
  return reading?.status.attempts ?? [];
}

function bakerOf(order: Evidence): FactoryName | undefined {
  return attemptsOf(order).find((attempt) => attempt.outcome === 'fulfilled')?.factory;
}

function delayMsOf({ reading }: Evidence): number {
  const { acceptedAt, fulfilledAt } = reading!.status;
  return fulfilledAt === undefined ? 0 : Date.parse(fulfilledAt) - Date.parse(acceptedAt);
}

function whyLost({ reading }: Evidence): string {
  if (reading === undefined) return 'the shop does not know it';
  const { status } = reading.status;
  return status === 'fulfilled' ? 'its receipt does not verify' : `it is still ${status}`;
}

/** @param same the submissions that were given one and the same id */
function whyDuplicate(same: Evidence[], baked: number): string | undefined {
  if (same.length > 1) return `${same.length} submissions were given this id`;
  const receipts = new Set(same.flatMap((order) => [...order.receipts]));
  if (receipts.size > 1) return `its diner was shown ${receipts.size} different receipts`;
  // A factory keeps nothing: where a call went unanswered, asking again may bake a second time, for nobody.
  const unanswered = same.flatMap(attemptsOf).filter((attempt) => attempt.outcome === 'unknown').length;
  return baked > 1 + unanswered ? `it was baked ${baked} times` : undefined;
}
