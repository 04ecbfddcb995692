import type { OrderPage } from '@proofbox/contract/admin';
import type { AdminCaller } from './admin-caller.ts';
import type { Starts } from './find-starts.ts';
import type { SearchCase } from './search-cases.ts';
import { searchPath } from './search-path.ts';
import { spreadOf, type Spread } from './spread.ts';

/** How long the API took for a page, in ms, until its last byte was there; and how many orders were on it, on average. */
export type PagesMeasured = { name: string; page: Spread; found: number };

/** Asks the API for each search `rounds` times, one after another, on one connection. */
export async function measurePages(
  caller: AdminCaller,
  {
    cases,
    starts,
    rounds,
    say,
  }: { cases: SearchCase[]; starts: Starts; rounds: number; say: (line: string) => void },
): Promise<PagesMeasured[]> {
  await warmUp(caller, cases);
  const measured: PagesMeasured[] = [];
  for (const { name, isPaging = false, ...search } of cases) {
    const times: number[] = [];
    let found = 0;
    let cursor = starts.get(name);
    for (let round = 0; round < rounds; round += 1) {
      const { body, ms } = await caller.get(searchPath({ ...search, cursor }));
      const page = JSON.parse(body) as OrderPage;
      times.push(ms);
      found += page.orders.length;
      if (isPaging) cursor = page.nextCursor;
    }
    measured.push({ name, page: spreadOf(times), found: found / rounds });
    say(`At the API: ${name}`);
  }
  return measured;
}

/** The first pages of a process are those for which its code is compiled. */
async function warmUp(caller: AdminCaller, cases: SearchCase[]): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    for (const each of cases) await caller.get(searchPath(each));
  }
}
