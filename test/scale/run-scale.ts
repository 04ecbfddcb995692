import { measureSearches, type SearchMeasured } from './measure-searches.ts';
import { openScaleShop, type ScaleShop } from './scale-shop.ts';
import { spreadOf, type Spread } from './spread.ts';

export type ScaleResult = {
  orders: number;
  bytesPerOrder: number;
  /** Of a PING, in ms: how busy the machine is otherwise. */
  ping: Spread;
  searches: SearchMeasured[];
};

/** Fills a Redis of its own with dead letters, and measures what people do with them. */
export async function runScale(options: {
  orders: number;
  rounds: number;
  /** The part of them that came to rest in one millisecond. */
  together: number;
  say: (line: string) => void;
}): Promise<ScaleResult> {
  const { orders, rounds, say } = options;
  await using shop = await openScaleShop(options);
  say(`${orders} dead letters are there, ${shop.bytesPerOrder.toFixed(0)} bytes each.`);
  const ping = await measurePing(shop);
  const searches = await measureSearches(shop, { rounds, say });
  return { orders, bytesPerOrder: shop.bytesPerOrder, ping, searches };
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
