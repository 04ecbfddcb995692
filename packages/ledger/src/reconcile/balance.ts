import { orderStates, type OrderState } from '@proofbox/contract';
import type { Redis } from 'ioredis';
import { defineScript } from '../redis/define-script.ts';
import type { Names } from '../redis/names.ts';

/**
 * Both sides of the balance, as they were in one moment.
 * `counters` and `indexes`: accepted orders minus orders in a state, as the counters and as the sorted sets have it.
 * `drift`: by how much counters and sorted sets differ, all together. All three are 0 when nothing is wrong.
 */
export type Balance = {
  accepted: number;
  /** Orders in the index of all orders. */
  known: number;
  states: Record<OrderState, { counter: number; index: number }>;
  difference: { counters: number; indexes: number; drift: number };
  /** Counters that were set right; only where the indexes account for every accepted order. */
  mendedCounters: number;
};

/** A reader of the balance. */
export function createBalanceCheck({ redis, names }: { redis: Redis; names: Names }) {
  const script = defineScript(redis, new URL('./balance.lua', import.meta.url), {
    keys: 2 + orderStates.length,
  });
  const indexes = orderStates.map((state) => names.byState(state));

  return async function checkBalance({ mend }: { mend: boolean }): Promise<Balance> {
    const [accepted, known, mendedCounters, ...pairs] = (await script(
      names.counters,
      names.byTime,
      ...indexes,
      mend ? 'mend' : 'look',
      ...orderStates,
    )) as [number, number, number, ...number[]];
    const found = orderStates.map((state, i) => ({
      state,
      counter: pairs[2 * i]!,
      index: pairs[2 * i + 1]!,
    }));
    const sum = (side: 'counter' | 'index') => found.reduce((total, each) => total + each[side], 0);
    const drifts = found.map(({ counter, index }) => Math.abs(counter - index));
    return {
      accepted,
      known,
      states: Object.fromEntries(
        found.map(({ state, counter, index }) => [state, { counter, index }]),
      ) as Balance['states'],
      difference: {
        counters: accepted - sum('counter'),
        indexes: known - sum('index'),
        drift: drifts.reduce((total, each) => total + each, Math.abs(accepted - known)),
      },
      mendedCounters,
    };
  };
}

export function isBalanced({ difference }: Pick<Balance, 'difference'>): boolean {
  return Object.values(difference).every((each) => each === 0);
}
