import { timeOf, type OrderFilter } from '@proofbox/contract/admin';
import { createOrderSearch } from '@proofbox/ledger/operations';
import type { DeadLetterSeed } from '@proofbox/ledger/testing';
import { expect, test } from 'vitest';
import { deadLetters } from './dead-letters.ts';
import type { BulkMeasured } from './measure-bulk.ts';
import { runScale } from './run-scale.ts';
import { openScaleShop } from './scale-shop.ts';
import { searchCases } from './search-cases.ts';

const orders = 3_000;
const together = 0.3;

/** @guarantee G6 */
test('every search of the measurement finds what it should, among 3,000 dead letters', async () => {
  const seeds = [...deadLetters({ orders, together, batch: 1_000 })].flat();
  await using shop = await openScaleShop({ orders, together, say: () => {} });
  const search = createOrderSearch(shop);
  for (const { name, filter, oldestFirst = false } of searchCases(orders)) {
    const wanted = seeds.filter((seed) => matches(filter, seed));
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await search.ids({ filter, limit: 1_000, cursor });
      ids.push(...page.ids);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect([name, ids]).toEqual([name, idsBy('settledAt', wanted)]);
    const { orders: found, nextCursor } = await search.page({ filter, limit: 50, oldestFirst });
    const sorted = idsBy(timeOf(filter), wanted);
    const firsts = oldestFirst ? sorted : sorted.toReversed();
    const isWhole = found.length === Math.min(50, firsts.length);
    expect([name, isWhole || nextCursor !== undefined]).toEqual([name, true]);
    expect([name, found.map(({ id }) => id)]).toEqual([name, firsts.slice(0, found.length)]);
  }
}, 120_000);

test('the whole measurement runs, and the books of its bulk replay agree', async () => {
  const { pages, bulks, reading } = await runScale({
    orders: 1_000,
    rounds: 1,
    together,
    rate: 100,
    seconds: 2,
    bulks: 1,
    say: () => {},
  });
  expect(pages).toHaveLength(searchCases(orders).length);
  const [bulk] = bulks as [BulkMeasured];
  expect(bulk.counted).toBeGreaterThan(100);
  expect(bulk).toMatchObject({ inQueue: bulk.counted, saidMoved: bulk.counted });
  expect(reading.exportedBytes).toBeGreaterThan(bulk.counted * 50);
}, 120_000);

/** Said anew, so that the search is not compared with itself. No text here is a part of an id. */
function matches(
  filter: OrderFilter,
  { order, attempts, state, reason, settledAt }: DeadLetterSeed,
): boolean {
  const { factory, detail } = attempts.at(-1)!;
  const at = timeOf(filter) === 'settledAt' ? settledAt : order.acceptedAt;
  return (
    (filter.state ?? [state]).includes(state) &&
    (filter.reason ?? [reason]).includes(reason) &&
    (filter.factory ?? factory) === factory &&
    (filter.diner ?? order.dinerId) === order.dinerId &&
    (filter.store ?? `${order.request.order.storeId}`) === `${order.request.order.storeId}` &&
    hasText(detail, filter.text) &&
    at >= Date.parse(filter.from ?? '1970-01-01T00:00:00Z') &&
    at < Date.parse(filter.to ?? '2100-01-01T00:00:00Z')
  );
}

/** Not within an order's id. */
function hasText(detail: string, text = ''): boolean {
  return detail
    .replace(/pb-\w{24}/, 'pb-')
    .toLowerCase()
    .includes(text.toLowerCase());
}

function idsBy(time: 'settledAt' | 'acceptedAt', seeds: DeadLetterSeed[]): string[] {
  const at = (seed: DeadLetterSeed) => (time === 'settledAt' ? seed.settledAt : seed.order.acceptedAt);
  return seeds
    .toSorted((a, b) => at(a) - at(b) || (a.order.id < b.order.id ? -1 : 1))
    .map(({ order }) => order.id);
}
