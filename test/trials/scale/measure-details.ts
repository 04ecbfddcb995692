import type { AdminCaller } from './admin-caller.ts';
import type { ScaleShop } from './scale-shop.ts';
import { spreadOf, type Spread } from './spread.ts';

/** How long the API takes for the story of an order, in ms: of orders from everywhere in the shop. */
export async function measureDetails(
  caller: AdminCaller,
  { redis, names, orders }: ScaleShop,
  { rounds }: { rounds: number },
): Promise<Spread> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const place = Math.floor((round / rounds) * orders);
    const [id] = await redis.zrange(names.byTime, String(place), String(place));
    times.push((await caller.get(`/api/orders/${id}`)).ms);
  }
  return spreadOf(times);
}
