import { createOrderSearch } from '@proofbox/ledger/operations';
import type { Starts } from './find-starts.ts';
import { whileWatchingRedis, type RedisBusy } from './redis-busy.ts';
import type { ScaleShop } from './scale-shop.ts';
import type { SearchCase } from './search-cases.ts';
import { spreadOf, type Spread } from './spread.ts';

/** How long a page of a search takes, and how long Redis was busy with each call of the search's script for it, in ms. */
export type SearchMeasured = {
  name: string;
  page: Spread;
  redisCall: Spread;
  /** Of Redis' processor, for each page, and for each call if nothing else had been done. */
  cpuPerPage: number;
  cpuPerCall: number;
  /** Orders on a page, and orders looked at for it, on average. */
  found: number;
  examined: number;
  /** Pages that ended before they were full, while there was more to look at. */
  partial: number;
};

type Page = Awaited<ReturnType<ReturnType<typeof createOrderSearch>['page']>>;

/** Makes each search `rounds` times, one after another. */
export async function measureSearches(
  { redis, names }: ScaleShop,
  {
    cases,
    starts,
    rounds,
    say,
  }: { cases: SearchCase[]; starts: Starts; rounds: number; say: (line: string) => void },
): Promise<SearchMeasured[]> {
  const search = createOrderSearch({ redis, names });
  const measured: SearchMeasured[] = [];
  for (const each of cases) {
    const limit = each.limit ?? 50;
    const start = starts.get(each.name);
    const { result, busy } = await whileWatchingRedis(redis, () => makePages(each, { limit, start }));
    measured.push(sumUp({ name: each.name, limit, busy, ...result }));
    say(each.name);
  }
  return measured;

  async function makePages(
    { filter, oldestFirst = false, isPaging = false }: SearchCase,
    { limit, start }: { limit: number; start: string | undefined },
  ): Promise<{ pages: Page[]; times: number[] }> {
    const pages: Page[] = [];
    const times: number[] = [];
    let cursor = start;
    for (let round = 0; round < rounds; round += 1) {
      const startedAt = performance.now();
      const page = await search.page({ filter, oldestFirst, limit, cursor });
      times.push(performance.now() - startedAt);
      pages.push(page);
      if (isPaging) cursor = page.nextCursor;
    }
    return { pages, times };
  }
}

function sumUp(of: {
  name: string;
  limit: number;
  busy: RedisBusy;
  pages: Page[];
  times: number[];
}): SearchMeasured {
  const { name, limit, busy, pages, times } = of;
  const average = (value: (page: Page) => number): number =>
    pages.reduce((sum, page) => sum + value(page), 0) / pages.length;
  return {
    name,
    page: spreadOf(times),
    redisCall: busy.call,
    cpuPerPage: busy.cpu / pages.length,
    cpuPerCall: busy.cpu / Math.max(1, busy.calls),
    found: average((page) => page.orders.length),
    examined: average((page) => page.examined),
    partial: pages.filter((page) => page.nextCursor !== undefined && page.orders.length < limit).length,
  };
}
