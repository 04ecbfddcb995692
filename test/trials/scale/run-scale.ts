import { createAdminCaller } from './admin-caller.ts';
import { findStarts } from './find-starts.ts';
import { measureBulks, type BulkMeasured } from './measure-bulk.ts';
import { measureDetails } from './measure-details.ts';
import { measurePages, type PagesMeasured } from './measure-pages.ts';
import { measureReading, type ReadingMeasured } from './measure-reading.ts';
import { measureSearches, type SearchMeasured } from './measure-searches.ts';
import { measureShop, type ShopMeasured } from './measure-shop.ts';
import { whileWatchingMemory, type MemorySpread } from './memory-watch.ts';
import type { ScaleOptions } from './options.ts';
import { openScaleShop, type ScaleShop } from './scale-shop.ts';
import { openScaleStack } from './scale-stack.ts';
import { searchCases } from './search-cases.ts';
import { spreadOf, type Spread } from './spread.ts';
import { writeToDisk } from './write-to-disk.ts';

export type ScaleResult = {
  orders: number;
  bytesPerOrder: number;
  /** Of a PING, in ms: how busy the machine is otherwise. */
  ping: Spread;
  searches: SearchMeasured[];
  pages: PagesMeasured[];
  details: Spread;
  shop: ShopMeasured;
  bulks: BulkMeasured[];
  reading: ReadingMeasured;
  /** Of admin, in MB: while people search, during the bulk replay, and while they read all that there is. */
  memory: { searching: MemorySpread; bulk: MemorySpread; reading: MemorySpread };
};

/** Fills a Redis of its own with dead letters, and measures what people do with them. */
export async function runScale(
  options: ScaleOptions & { say: (line: string) => void },
): Promise<ScaleResult> {
  const { orders, rounds, rate, seconds, bulks, say } = options;
  const cases = searchCases(orders);
  await using shop = await openScaleShop(options);
  say('Redis writes its append-only file.');
  await writeToDisk(shop.redis);
  say('The searches begin.');
  const ping = await measurePing(shop);
  const starts = await findStarts(shop, cases);
  const searches = await measureSearches(shop, { cases, starts, rounds, say });

  await using stack = await openScaleStack(shop);
  using caller = createAdminCaller(stack);
  const { admin } = stack.urls;
  const searching = await whileWatchingMemory(admin, async () => ({
    pages: await measurePages(caller, { cases, starts, rounds, say }),
    details: await measureDetails(caller, shop, { rounds: 5 * rounds }),
    shop: await measureShop(stack, caller, { cases, turns: Math.ceil(rounds / 20) }),
  }));
  const bulk = await whileWatchingMemory(admin, () =>
    measureBulks(caller, shop, { rate, seconds, times: bulks, say }),
  );
  const reading = await whileWatchingMemory(admin, () => measureReading(caller, cases));
  return {
    orders,
    bytesPerOrder: shop.bytesPerOrder,
    ping,
    searches,
    ...searching.result,
    bulks: bulk.result,
    reading: reading.result,
    memory: { searching: searching.memory, bulk: bulk.memory, reading: reading.memory },
  };
}

async function measurePing({ redis }: ScaleShop): Promise<Spread> {
  const times: number[] = [];
  for (let round = 0; round < 1_000; round += 1) {
    const startedAt = performance.now();
    await redis.ping();
    times.push(performance.now() - startedAt);
  }
  return spreadOf(times);
}
