import type { OrderFilter } from '@proofbox/contract/admin';
import type { Redis } from 'ioredis';
import type { Names } from '../redis/names.ts';
import { countOrders, type OrdersCounted } from './count-orders.ts';
import { matchesFilter } from './matches-filter.ts';
import { decodeSearchCursor, encodeSearchCursor, type SearchPosition } from './search-cursor.ts';
import type { ScoreRange, Search } from './read-search.ts';
import { createSummaryReader, type SummariesRead } from './read-summaries.ts';
import { planSearch } from './search-plan.ts';
import { createWalk, type Budget } from './walk-candidates.ts';

/** `examined` orders were looked at, `remaining` still are to be, at most. Without `nextCursor` the search has ended. */
export type OrdersFound = SummariesRead & {
  nextCursor?: string;
  examined: number;
  remaining: number;
};

export type IdsFound = { ids: string[]; nextCursor?: string };

export type OrderSearch = ReturnType<typeof createOrderSearch>;

/** A page ends after so much, with what it has: a person waits for it. */
const pageBudget: Budget = { examined: 20_000, ms: 15 };
/** Nobody waits for the next orders of a bulk task; each piece of the walk lets Redis do its other work all the same. */
const bulkBudget: Budget = { examined: 20_000, ms: 200 };

/**
 * Finds orders by filter (packages/contract/src/admin/order-filter.ts says what its fields mean). Of dead and held
 * orders every field has an index; the smallest that fits is read, and the rest is compared with the records. Where that
 * takes long a page ends early, and the next one goes on. In a text, upper and lower case are the same for A to Z only.
 * @param now a clock in ms, for the time that a page may take
 */
export function createOrderSearch({
  redis,
  names,
  now = () => performance.now(),
}: {
  redis: Redis;
  names: Names;
  now?: () => number;
}) {
  const walk = createWalk({ redis, names, now });
  const readSummaries = createSummaryReader({ redis, names });

  return {
    /**
     * A page of the orders that match, sorted by time, then by id. Orders that move meanwhile are neither skipped nor
     * found twice for it: a cursor is a point in time, not a number of orders.
     * @throws InvalidCursor for a cursor that is none, or of another search
     */
    async page(input: {
      filter: OrderFilter;
      limit: number;
      oldestFirst: boolean;
      cursor?: string | undefined;
    }): Promise<OrdersFound> {
      const { filter, limit, oldestFirst, cursor } = input;
      const whole = { kind: 'page', filter, oldestFirst };
      const after = cursor === undefined ? undefined : decodeSearchCursor(cursor, whole);
      const remainder = remainderAfter(after, oldestFirst);
      const plan = await planSearch({ redis, names }, { filter }, { remainder, isCheckedLater: true });
      const walked = await walk({ plan, after, oldestFirst, limit, budget: pageBudget });
      const { orders, unreadable } = await readSummaries(walked.ids);
      return {
        // What has been replayed since it was found does not match any more; what stands in a wrong index never did.
        orders: orders.filter((order) => matchesFilter(filter, order)),
        // They match, as far as can be known.
        unreadable,
        ...(walked.next && { nextCursor: encodeSearchCursor(walked.next, whole) }),
        examined: walked.examined,
        remaining: walked.remaining,
      };
    },

    /**
     * How many match. Looks at `mostExamined` orders and no more; often the indexes say it without.
     * @param input.deadLettersOnly count the dead and held ones among them only: those that a bulk task works on
     * @param input.before of those only the ones that were settled before this, in ms since the epoch
     */
    async count(input: {
      filter: OrderFilter;
      mostExamined: number;
      deadLettersOnly?: boolean;
      before?: number;
    }): Promise<OrdersCounted> {
      const { filter, mostExamined, deadLettersOnly, before } = input;
      const search: Search = {
        filter,
        ...(deadLettersOnly && { deadLettersOnly }),
        ...(before !== undefined && { before }),
      };
      return countOrders({ redis, names, walk }, { search, mostExamined });
    },

    /**
     * Ids of the dead and held orders that match, the longest settled first. They may be replayed or discarded
     * between two pages: none is skipped for it, and none comes twice. A page may have fewer than `limit`, or none,
     * while there is a `nextCursor`.
     * @param input.before only those that were settled before this, in ms since the epoch
     * @throws InvalidCursor for a cursor that is none, or of another search
     */
    async ids(input: {
      filter: OrderFilter;
      limit: number;
      cursor?: string | undefined;
      before?: number;
    }): Promise<IdsFound> {
      const { filter, limit, cursor, before } = input;
      const search: Search = { filter, deadLettersOnly: true, ...(before !== undefined && { before }) };
      const after = cursor === undefined ? undefined : decodeSearchCursor(cursor, search);
      const plan = await planSearch({ redis, names }, search, { remainder: remainderAfter(after, true) });
      const { ids, next } = await walk({ plan, after, oldestFirst: true, limit, budget: bulkBudget });
      return { ids, ...(next && { nextCursor: encodeSearchCursor(next, search) }) };
    },
  };
}

/** Where orders after this one are. */
function remainderAfter(after: SearchPosition | undefined, oldestFirst: boolean): ScoreRange {
  if (after === undefined) return {};
  return oldestFirst ? { from: after.score } : { to: String(Number(after.score) + 1) };
}
