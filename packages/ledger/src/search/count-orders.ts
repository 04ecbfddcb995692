import { deadLetterReasons, type DeadLetterReason } from '@proofbox/contract';
import type { Redis } from 'ioredis';
import type { Names } from '../redis/names.ts';
import { readSearch, type Search } from './read-search.ts';
import { planSearch, sizesOf, type Plan } from './search-plan.ts';
import type { WalkCandidates } from './walk-candidates.ts';

export type OrdersCounted = {
  count: number;
  /** False where counting ended before the last order. */
  isExact: boolean;
  /** Empty where the indexes have the count, and only looking at each order would show the reasons. */
  byReason: Partial<Record<DeadLetterReason, number>>;
};

/** Counts by the sizes of the indexes where these say it all, else by looking at the orders, up to `mostExamined`. */
export async function countOrders(
  { redis, names, walk }: { redis: Redis; names: Names; walk: WalkCandidates },
  { search, mostExamined }: { search: Search; mostExamined: number },
): Promise<OrdersCounted> {
  const plan = await planSearch({ redis, names }, search, { isCheckedLater: true });
  const isInIndexes = Object.keys(plan.match).length === 0;
  const reasons = isInIndexes ? await reasonsInIndexes({ redis, names }, search, plan) : undefined;
  if (reasons) return { count: plan.size, isExact: true, byReason: reasons };
  const { count, byReason, next } = await walk({
    plan,
    after: undefined,
    oldestFirst: true,
    limit: mostExamined,
    isCount: true,
    budget: { examined: mostExamined, ms: Infinity },
  });
  if (next !== undefined && isInIndexes) return { count: plan.size, isExact: true, byReason: {} };
  return { count, isExact: next === undefined, byReason };
}

/** Where only states and reasons are asked for, the indexes of the reasons say how many have which. */
async function reasonsInIndexes(
  { redis, names }: { redis: Redis; names: Names },
  search: Search,
  { size, range }: Plan,
): Promise<OrdersCounted['byReason'] | undefined> {
  const { isBySettledAt, match } = readSearch(search);
  const { states = [], reasons = reasonsOf(states), ...others } = match;
  if (!isBySettledAt || Object.keys(others).length > 0) return undefined;
  const sizes = await sizesOf(
    redis,
    reasons.map((reason) => names.byReason(reason)),
    range,
  );
  const counts = reasons.map((reason): [DeadLetterReason, number] => [
    reason,
    sizes.get(names.byReason(reason))!,
  ]);
  const isWhole = counts.reduce((sum, [, count]) => sum + count, 0) === size;
  return isWhole ? Object.fromEntries(counts.filter(([, count]) => count > 0)) : undefined;
}

function reasonsOf(states: string[]): DeadLetterReason[] {
  return deadLetterReasons.filter((reason) =>
    states.includes(reason === 'unknown_outcome' ? 'held' : 'dead'),
  );
}
