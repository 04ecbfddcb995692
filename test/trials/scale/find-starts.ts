import { createOrderSearch } from '@proofbox/ledger/operations';
import type { ScaleShop } from './scale-shop.ts';
import type { SearchCase } from './search-cases.ts';

/** Where each search begins that passes over orders first: a cursor by its name. */
export type Starts = ReadonlyMap<string, string>;

export async function findStarts({ redis, names }: ScaleShop, cases: SearchCase[]): Promise<Starts> {
  const search = createOrderSearch({ redis, names });
  const starts = new Map<string, string>();
  for (const { name, filter, oldestFirst = false, depth = 0 } of cases) {
    for (let passed = 0; passed < depth;) {
      const page = await search.page({ filter, oldestFirst, limit: 200, cursor: starts.get(name) });
      if (page.nextCursor === undefined) break;
      passed += page.examined;
      starts.set(name, page.nextCursor);
    }
  }
  return starts;
}
