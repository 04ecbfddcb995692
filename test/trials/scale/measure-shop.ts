import type { Stack } from '@proofbox/local';
import { anOrder, createShopper, type Shopper } from '../../support/shopper.ts';
import type { AdminCaller } from './admin-caller.ts';
import { searchPath } from './search-path.ts';
import type { SearchCase } from './search-cases.ts';
import { spreadOf, type Spread } from './spread.ts';

/** How long an order took until it was accepted, in ms, while nobody searched and while somebody did; and how often they did. */
export type ShopMeasured = {
  alone: Spread;
  searched: Spread;
  p50Ratio: number;
  p99Ratio: number;
  searches: number;
};

const ordersATurn = 100;
const lanes = 4;

/** Diners order in turns: nobody searches, then somebody does without a pause. What else the machine does meets both alike. */
export async function measureShop(
  stack: Stack,
  caller: AdminCaller,
  { cases, turns }: { cases: SearchCase[]; turns: number },
): Promise<ShopMeasured> {
  const token = await stack.tokenFor({ id: 2, name: 'pizza diner', email: 'd@jwt.com' });
  const diner = createShopper({ url: stack.urls.ingest, token });
  const [alone, searched]: [number[], number[]] = [[], []];
  let searches = 0;

  async function searchUntil(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await caller.get(searchPath(cases[searches % cases.length]!));
      searches += 1;
    }
  }

  await takeOrders(diner);
  for (let turn = 0; turn < turns; turn += 1) {
    const [first, second] = turn % 2 === 0 ? [false, true] : [true, false];
    for (const isSearched of [first, second]) {
      const done = new AbortController();
      const searching = isSearched ? searchUntil(done.signal) : undefined;
      (isSearched ? searched : alone).push(...(await takeOrders(diner)));
      done.abort();
      await searching;
    }
  }
  const [without, withSearches] = [spreadOf(alone), spreadOf(searched)];
  return {
    alone: without,
    searched: withSearches,
    p50Ratio: withSearches.p50 / without.p50,
    p99Ratio: withSearches.p99 / without.p99,
    searches,
  };
}

async function takeOrders(diner: Shopper): Promise<number[]> {
  const times: number[] = [];
  async function lane(): Promise<void> {
    for (let n = 0; n < ordersATurn / lanes; n += 1) {
      const { status, elapsedMs } = await diner.order(anOrder());
      if (status !== 202) throw new Error(`an order was answered with ${status}`);
      times.push(elapsedMs);
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane));
  return times;
}
