import type { DeadLetterReason } from '@proofbox/contract';
import type { Redis } from 'ioredis';
import { defineScript } from '../redis/define-script.ts';
import type { Names } from '../redis/names.ts';
import { limitConcurrency } from './limit-concurrency.ts';
import type { SearchPosition } from './search-cursor.ts';
import type { Plan } from './search-plan.ts';

/** How much a walk may do: after so many orders, or so long, it stops where it is. */
export type Budget = { examined: number; ms: number };

type Walk = {
  /** Those that match, in order of time; none where they are only counted. */
  ids: string[];
  count: number;
  byReason: Partial<Record<DeadLetterReason, number>>;
  /** Orders looked at. */
  examined: number;
  /** Orders that are still to be looked at, at most. */
  remaining: number;
  /** Where to go on; absent at the end. */
  next?: SearchPosition;
};

type WalkInput = {
  plan: Plan;
  after: SearchPosition | undefined;
  oldestFirst: boolean;
  /** So many matches are enough. */
  limit: number;
  isCount?: boolean;
  budget: Budget;
};

export type WalkCandidates = (input: WalkInput) => Promise<Walk>;

/**
 * What one call of the script may do, in orders looked at. Redis does nothing else meanwhile, and it takes the shop's
 * orders: after a call it gets round to those that wait.
 */
export const workOfCall = 250;

/** However many people search at once: calls that stand in a row before an order keep it waiting as long as one long call. */
const mostCalls = 2;

type Reply = [
  examined: number,
  remaining: number,
  score: string,
  id: string,
  found: string[],
  reasons: (string | number)[],
  count: number,
];

/** Looks at the orders of a plan in order of time, piece by piece, until there are enough, none are left, or the budget is spent. */
export function createWalk({
  redis,
  names,
  now,
}: {
  redis: Redis;
  names: Names;
  now: () => number;
}): WalkCandidates {
  const script = defineScript(redis, new URL('./search-orders.lua', import.meta.url));
  const limited = limitConcurrency(mostCalls);

  return async function walk({ plan, after, oldestFirst, limit, isCount = false, budget }) {
    const walked: Walk = { ids: [], count: 0, byReason: {}, examined: 0, remaining: 0 };
    if (plan.sources.length === 0) return walked;
    const startedAt = now();
    let position = after;
    do {
      const wanted = {
        ...(oldestFirst && { oldestFirst: 1 }),
        ...(position && { afterScore: position.score, afterId: position.id }),
        ...plan.range,
        limit: limit - walked.count,
        mostWork: Math.min(workOfCall, budget.examined - walked.examined),
        ...(isCount && { isCount: 1 }),
        ...plan.match,
      };
      const [examined, remaining, score, id, found, reasons, count] = (await limited(() =>
        script(plan.sources.length, ...plan.sources, names.root, ...namesAndValues(wanted)),
      )) as Reply;
      walked.ids.push(...found);
      walked.count += count;
      walked.examined += examined;
      walked.remaining = remaining;
      addReasons(walked.byReason, reasons);
      if (remaining === 0) return walked;
      position = { score, id };
    } while (walked.count < limit && walked.examined < budget.examined && now() - startedAt < budget.ms);
    return { ...walked, next: position };
  };
}

/** As the script takes what is wanted: the name of a list stands before each of its values. */
function namesAndValues(wanted: Record<string, string | number | string[]>): (string | number)[] {
  return Object.entries(wanted).flatMap(([name, value]) =>
    Array.isArray(value) ? value.flatMap((each) => [name, each]) : [name, value],
  );
}

function addReasons(sum: Walk['byReason'], reasons: (string | number)[]): void {
  for (let i = 0; i < reasons.length; i += 2) {
    const reason = reasons[i] as DeadLetterReason;
    sum[reason] = (sum[reason] ?? 0) + Number(reasons[i + 1]);
  }
}
