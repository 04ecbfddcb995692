import { orderSummary, summaryOf, type OrderRecord } from '@proofbox/contract';
import { timeOf, type OrderFilter } from '@proofbox/contract/admin';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSeeder, type DeadLetterSeed } from '../testing/seeding.ts';
import { openTestLedger, someOrder, type TestLedger } from '../testing/test-ledger.ts';
import { matchesFilter } from './matches-filter.ts';
import { createOrderSearch, type OrderSearch, type OrdersFound } from './order-search.ts';
import { allOrders, drawsOf, fillShop, randomFilters } from '../testing/random-shop.ts';
import { planSearch } from './search-plan.ts';
import { createWalk } from './walk-candidates.ts';

let box: TestLedger;
let search: OrderSearch;
beforeEach(() => {
  box = openTestLedger();
  const { redis, names } = box;
  search = createOrderSearch({ redis, names });
});
afterEach(() => box[Symbol.asyncDispose]());

/** One that was settled at 1,000 ms, as most of them here. */
function deadLetter(
  id: string,
  changes: { state?: 'dead' | 'held'; detail?: string; acceptedAt?: number; settledAt?: number } = {},
): DeadLetterSeed {
  const { state = 'dead', detail = 'chaos monkey', acceptedAt = 500, settledAt = 1_000 } = changes;
  return {
    order: { ...someOrder({ id }), acceptedAt },
    attempts: [{ factory: 'primary', startedAt: acceptedAt, endedAt: acceptedAt, status: 500, detail }],
    state,
    reason: 'rejected',
    settledAt,
  };
}

type Listing = { limit: number; oldestFirst: boolean };

async function allPages(filter: OrderFilter, listing: Listing): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await search.page({ filter, ...listing, cursor });
    found.push(...page.orders.map(({ id }) => id));
    cursor = page.nextCursor;
    expect(page.remaining === 0).toBe(cursor === undefined);
  } while (cursor !== undefined);
  return found;
}

async function allIds(filter: OrderFilter, options: { limit: number; before?: number }): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await search.ids({ filter, ...options, cursor });
    found.push(...page.ids);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return found;
}

/** What a search should find, said plainly. */
function expected(orders: OrderRecord[], filter: OrderFilter, oldestFirst: boolean): string[] {
  const at = (order: OrderRecord) => (timeOf(filter) === 'settledAt' ? order.updatedAt : order.acceptedAt);
  const sorted = orders
    .filter((order) => matchesFilter(filter, summaryOf(order)))
    .toSorted((a, b) => at(a) - at(b) || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id);
  return oldestFirst ? sorted : sorted.toReversed();
}

function isDeadLetter({ state }: OrderRecord): boolean {
  return state === 'dead' || state === 'held';
}

/** @guarantee G6 */
test.each([1, 2])(
  'every filter finds just the orders that match, in order of time (shop %i)',
  async (seed) => {
    const draw = drawsOf(seed);
    await fillShop(box, { orders: 400, draw });
    const orders = await allOrders(box);
    let matches = 0;
    for (const filter of randomFilters(box, { count: 150, draw })) {
      const listing = { limit: 10 + draw.below(120), oldestFirst: draw.below(2) === 0 };
      const wanted = expected(orders, filter, listing.oldestFirst);
      expect([filter, await allPages(filter, listing)]).toEqual([filter, wanted]);
      const bySettledAt = orders
        .filter((order) => isDeadLetter(order) && matchesFilter(filter, summaryOf(order)))
        .toSorted((a, b) => a.updatedAt - b.updatedAt || (a.id < b.id ? -1 : 1));
      expect([filter, await allIds(filter, listing)]).toEqual([filter, bySettledAt.map(({ id }) => id)]);
      const byReason = Object.fromEntries(
        Object.entries(Object.groupBy(bySettledAt, ({ reason }) => reason!)).map(([reason, all]) => [
          reason,
          all.length,
        ]),
      );
      const counted = await search.count({ filter, mostExamined: 1_000, deadLettersOnly: true });
      expect([filter, counted]).toEqual([filter, { count: bySettledAt.length, isExact: true, byReason }]);
      const { count } = await search.count({ filter, mostExamined: 1_000 });
      expect([filter, count]).toEqual([filter, wanted.length]);
      matches += wanted.length;
    }
    expect(matches).toBeGreaterThan(1_000);
  },
);

describe('a page', () => {
  test('among many orders of one and the same millisecond goes on where the last one ended', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 2_000; n += 1) ids.push(`pb-${(n * 7_919) % 2_000}`);
    await createSeeder(box)(ids.map((id, n) => deadLetter(id, { state: n % 2 === 0 ? 'dead' : 'held' })));
    const filter: OrderFilter = { state: ['dead', 'held'] };
    expect(await allPages(filter, { limit: 200, oldestFirst: true })).toEqual(ids.toSorted());
    expect(await allPages(filter, { limit: 170, oldestFirst: false })).toEqual(ids.toSorted().toReversed());
  });

  test('goes on at the right place when the order it ended with is gone', async () => {
    const ids = ['pb-a', 'pb-b', 'pb-c', 'pb-d', 'pb-e'];
    await createSeeder(box)(ids.map((id) => deadLetter(id)));
    for (const oldestFirst of [true, false]) {
      const filter: OrderFilter = { state: ['dead'], text: 'chaos' };
      const sorted = oldestFirst ? ids : ids.toReversed();
      const first = await search.page({ filter, limit: 2, oldestFirst });
      expect(first.orders.map(({ id }) => id)).toEqual(sorted.slice(0, 2));
      await box.ledger.discard({ id: sorted[1]!, by: 'ann', why: 'a test' });
      const rest = await search.page({ filter, limit: 9, oldestFirst, cursor: first.nextCursor });
      expect(rest.orders.map(({ id }) => id)).toEqual(sorted.slice(2));
      ids.splice(ids.indexOf(sorted[1]!), 1);
    }
  });

  test('ends early where few match, and says how much is left; in the end everything was looked at once', async () => {
    const ids = Array.from({ length: 1_500 }, (_each, n) => `pb-${n}`);
    await createSeeder(box)(ids.map((id) => deadLetter(id, { detail: `shelf ${id === 'pb-777' ? 5 : 6}` })));
    let now = 0;
    // Time is up as soon as anybody looks at the clock.
    const impatient = createOrderSearch({ ...box, now: () => (now += 1_000) });
    const pages: OrdersFound[] = [];
    do {
      const cursor = pages.at(-1)?.nextCursor;
      pages.push(
        await impatient.page({
          filter: { state: ['dead'], text: 'shelf 5' },
          limit: 50,
          oldestFirst: true,
          cursor,
        }),
      );
      expect(pages.at(-1)!.examined).toBeLessThanOrEqual(250);
    } while (pages.at(-1)!.nextCursor !== undefined);
    expect(pages.length).toBeGreaterThan(5);
    expect(pages.flatMap(({ orders }) => orders.map(({ id }) => id))).toEqual(['pb-777']);
    expect(pages.reduce((sum, { examined }) => sum + examined, 0)).toBe(1_500);
    expect(pages.map(({ remaining }) => remaining)).toEqual(
      pages.map(({ remaining }) => remaining).toSorted((a, b) => b - a),
    );
  });

  test('has what can be read, and names what cannot', async () => {
    await createSeeder(box)(['pb-a', 'pb-b', 'pb-c'].map((id) => deadLetter(id)));
    for (const [field, value] of [
      ['acceptedAt', 'noon'],
      ['request', '{'],
      ['request', '{}'],
    ] as const) {
      const before = await box.redis.hget(box.names.order('pb-b'), field);
      await box.redis.hset(box.names.order('pb-b'), field, value);
      const page = await search.page({ filter: { state: ['dead'] }, limit: 9, oldestFirst: true });
      expect(page).toMatchObject({ orders: [{ id: 'pb-a' }, { id: 'pb-c' }], unreadable: ['pb-b'] });
      await box.redis.hset(box.names.order('pb-b'), field, before!);
    }
  });

  test('leaves out what stands in an index and does not match', async () => {
    await createSeeder(box)(['pb-a', 'pb-b'].map((id) => deadLetter(id)));
    await box.accepted({ id: 'pb-c' });
    await box.redis.zadd(box.names.byState('dead'), 1_000, 'pb-c');
    const page = await search.page({ filter: { state: ['dead'] }, limit: 9, oldestFirst: true });
    expect(page.orders.map(({ id }) => id)).toEqual(['pb-a', 'pb-b']);
  });

  test('says of an order what its record says', async () => {
    await fillShop(box, { orders: 60, draw: drawsOf(3) });
    const { orders } = await search.page({ filter: {}, limit: 60, oldestFirst: true });
    const wanted = (await allOrders(box)).map((order) => orderSummary.parse(summaryOf(order)));
    expect(orders).toEqual(wanted);
  });

  const filter: OrderFilter = { state: ['dead'], reason: ['rejected', 'expired'] };

  test('with a cursor that somebody has changed is refused, too', async () => {
    await createSeeder(box)(['pb-a', 'pb-b'].map((id) => deadLetter(id)));
    const { nextCursor } = await search.page({ filter, limit: 1, oldestFirst: true });
    const [tag, score, id] = JSON.parse(Buffer.from(nextCursor!, 'base64url').toString()) as string[];
    for (const parts of [
      [tag, score],
      [tag, score, 5],
      [tag, 'noon', id],
      [tag, 1_000, id],
    ]) {
      const cursor = Buffer.from(JSON.stringify(parts)).toString('base64url');
      await expect(search.page({ filter, limit: 1, oldestFirst: true, cursor })).rejects.toMatchObject({
        name: 'InvalidCursor',
      });
    }
  });

  test.each<[string, object]>([
    ['garbage', { cursor: 'garbage' }],
    ['nothing', { cursor: '' }],
    ['JSON of another shape', { cursor: Buffer.from('{"a":1}').toString('base64url') }],
    ['another sort', { oldestFirst: false }],
    ['another filter', { filter: { state: ['dead'] } }],
  ])('with a cursor of %s is refused, in words', async (_name, change) => {
    await createSeeder(box)(['pb-a', 'pb-b', 'pb-c'].map((id) => deadLetter(id)));
    const { nextCursor: cursor } = await search.page({ filter, limit: 1, oldestFirst: true });
    await expect(
      search.page({ filter, limit: 1, oldestFirst: true, cursor, ...change }),
    ).rejects.toMatchObject({
      name: 'InvalidCursor',
      message: expect.stringMatching(/^cursor: /) as string,
    });
    const sameFilter: OrderFilter = { reason: ['expired', 'rejected'], state: ['dead'] };
    expect(
      (await search.page({ filter: sameFilter, limit: 9, oldestFirst: true, cursor })).orders,
    ).toHaveLength(2);
  });
});

/** Of each condition, a value that the dead letter below does not have. */
const others = {
  state: ['held'],
  reason: ['exhausted'],
  factory: 'fallback',
  diner: 'nobody',
  store: 'none',
  text: 'no such text',
  from: '2100-01-01T00:00:00Z',
  to: '1970-01-01T00:00:00Z',
} satisfies Required<OrderFilter>;

describe('ids for a bulk task', () => {
  /** @guarantee G6 */
  test.each(Object.entries(others))('leave out an order of another %s', async (name, value) => {
    await createSeeder(box)([deadLetter('pb-1')]);
    expect((await search.ids({ filter: {}, limit: 10 })).ids).toEqual(['pb-1']);
    expect((await search.ids({ filter: { [name]: value }, limit: 10 })).ids).toEqual([]);
  });

  test('are none where the script does not know a condition', async () => {
    await createSeeder(box)([deadLetter('pb-1')]);
    const { redis, names } = box;
    const plan = await planSearch({ redis, names }, { filter: {}, deadLettersOnly: true });
    const walk = createWalk({ redis, names, now: () => 0 });
    const input = { after: undefined, oldestFirst: true, limit: 10, budget: { examined: 100, ms: 1_000 } };
    expect((await walk({ ...input, plan })).ids).toEqual(['pb-1']);
    const unknown = { ...plan, match: { ...plan.match, franchise: '7' } };
    await expect(walk({ ...input, plan: unknown })).rejects.toThrow(/unknown condition franchise/);
  });

  /** @guarantee G6 */
  test.each([1, 2])(
    'each dead letter comes once while all of them are being replayed, and some die again (%i)',
    async (seed) => {
      const draw = drawsOf(seed);
      const ids = Array.from({ length: 600 }, (_each, n) => `pb-${n}`);
      await createSeeder(box)(
        ids.map((id) =>
          deadLetter(id, { settledAt: 1_000 + draw.below(5), detail: `shelf ${draw.below(9)}` }),
        ),
      );
      const before = 2_000_000;
      box.clock.now = before;
      const replayed: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await search.ids({
          filter: { text: 'shelf' },
          limit: 1 + draw.below(40),
          before,
          cursor,
        });
        replayed.push(...page.ids);
        cursor = page.nextCursor;
        for (const id of page.ids) {
          if (draw.below(5) === 0) continue;
          await box.ledger.replay({ id, deadlineMs: 1, by: 'ann', why: 'a test' });
          if (draw.below(2) === 0) await box.ledger.deadLetter({ id, state: 'dead', reason: 'expired' });
        }
      } while (cursor !== undefined);
      expect(replayed.toSorted()).toEqual(ids.toSorted());
    },
  );

  test('a time in a filter without states is when an order was accepted, as in a list', async () => {
    await createSeeder(box)([
      deadLetter('pb-a', { acceptedAt: 500 }),
      deadLetter('pb-b', { acceptedAt: 700 }),
    ]);
    const filter: OrderFilter = { from: new Date(600).toISOString() };
    expect(await search.ids({ filter, limit: 9 })).toEqual({ ids: ['pb-b'] });
    expect(await search.ids({ filter: { ...filter, state: ['dead'] }, limit: 9 })).toEqual({
      ids: ['pb-a', 'pb-b'],
    });
  });
});

describe('a count', () => {
  const text = 'chaos';
  const seeds = Array.from({ length: 900 }, (_each, n) => deadLetter(`pb-${n}`));

  test('ends after so many orders, and says so', async () => {
    await createSeeder(box)(seeds);
    const filter: OrderFilter = { state: ['dead'], text };
    const some = await search.count({ filter, mostExamined: 600 });
    expect(some).toMatchObject({ isExact: false, byReason: { rejected: some.count } });
    expect(some.count).toBeGreaterThan(100);
    expect(some.count).toBeLessThanOrEqual(600);
    const byReason = { rejected: 900 };
    expect(await search.count({ filter, mostExamined: 9_000 })).toEqual({
      count: 900,
      isExact: true,
      byReason,
    });
  });

  test('that the indexes know looks at no order', async () => {
    await createSeeder(box)(seeds);
    const byReason = { rejected: 900 };
    for (const filter of [
      { state: ['dead'] },
      { reason: ['rejected'] },
      { state: ['dead', 'held'] },
    ] as OrderFilter[]) {
      expect(await search.count({ filter, mostExamined: 1 })).toEqual({
        count: 900,
        isExact: true,
        byReason,
      });
    }
    const filter: OrderFilter = { state: ['dead', 'held'], factory: 'primary' };
    expect(await search.count({ filter, mostExamined: 1 })).toEqual({
      count: 900,
      isExact: true,
      byReason: {},
    });
  });
});
