import type { Redis } from 'ioredis';
import type { Names } from '../redis/names.ts';
import { groupsThatMayHave } from './error-groups.ts';
import { isDeadLetter, readSearch, type Match, type ScoreRange, type Search } from './read-search.ts';
import { workOfCall } from './walk-candidates.ts';

/**
 * The sorted sets whose orders are looked at: together they have every order that can match, and each in one of them.
 * `match` is what does not follow from where an order stands. `size`: how many orders they have.
 */
export type Plan = { sources: string[]; range: ScoreRange; match: Match; size: number };

/** Sorted sets that could be the sources, and which conditions all their orders fulfil. */
type Choice = { keys: string[]; covers: (keyof Match)[] };

/** To find the position in one more sorted set costs about as much as looking at so many orders; each call has to. */
const costOfSource = 4;

/**
 * Chooses the sorted sets with the least that has to be looked at. Each choice has the same order of time, so the next
 * page may choose anew.
 * @param options.remainder where the page has to look, if it is not the first
 * @param options.isCheckedLater the caller compares the orders with the filter again: what their index says need not be
 * checked before
 */
export async function planSearch(
  { redis, names }: { redis: Redis; names: Names },
  search: Search,
  { remainder = {}, isCheckedLater = false }: { remainder?: ScoreRange; isCheckedLater?: boolean } = {},
): Promise<Plan> {
  const { isBySettledAt, range, match } = readSearch(search);
  const choices = isBySettledAt
    ? await choicesOfSettled({ redis, names }, match)
    : choicesByAge(names, match);
  const keys = [...new Set(choices.flatMap((choice) => choice.keys))];
  const sizes = await sizesOf(redis, keys, narrow(range, remainder));
  const plans = choices.map((choice) => toPlan({ choice, sizes, range, match }));
  const costs = plans.map(costOf);
  const cheapest = plans[costs.indexOf(Math.min(...costs))]!;
  return isCheckedLater ? cheapest : { ...cheapest, match };
}

function toPlan({
  choice: { keys, covers },
  sizes,
  range,
  match,
}: {
  choice: Choice;
  sizes: Map<string, number>;
  range: ScoreRange;
  match: Match;
}): Plan {
  const open = Object.entries(match).filter(([name]) => !covers.includes(name as keyof Match));
  return {
    sources: keys.filter((key) => sizes.get(key)! > 0),
    range,
    match: Object.fromEntries(open),
    size: keys.reduce((sum, key) => sum + sizes.get(key)!, 0),
  };
}

/** Each condition that is left has to be read for each order. */
function costOf({ size, sources, match }: Plan): number {
  const calls = Math.ceil(size / workOfCall);
  return size * (1 + Object.keys(match).length) + calls * sources.length * costOfSource;
}

async function choicesOfSettled(
  { redis, names }: { redis: Redis; names: Names },
  match: Match,
): Promise<Choice[]> {
  const states = [...new Set(match.states)];
  const byState: Choice = { keys: states.map((state) => names.byState(state)), covers: ['states'] };
  const deadLetters = states.filter(isDeadLetter);
  if (deadLetters.length === 0) return [byState];
  // Orders that are fulfilled or discarded are in no other index of those that are settled.
  const others = states.filter((state) => !isDeadLetter(state)).map((state) => names.byState(state));
  const isStateSure = deadLetters.length === 2;
  const { reasons, factory, store, diner, text } = match;
  const choices = [byState];
  function add(keys: string[], ...covers: Choice['covers']): void {
    const covered: Choice['covers'] = isStateSure ? [...covers, 'states'] : covers;
    choices.push({ keys: [...keys, ...others], covers: others.length === 0 ? covered : [] });
  }
  const byReason = [...new Set(reasons)].map((reason) => names.byReason(reason));
  if (reasons) add(byReason, 'reasons');
  if (factory !== undefined) add([names.deadByFactory(factory)], 'factory');
  if (store !== undefined) add([names.deadByStore(store)], 'store');
  if (diner !== undefined) add([names.deadByDiner(diner)], 'diner');
  if (text !== undefined) {
    const groups = groupsThatMayHave(text, await redis.hgetall(names.errorGroups));
    add(groups.map((group) => names.deadByError(group)));
  }
  return choices;
}

function choicesByAge(names: Names, { states, diner }: Match): Choice[] {
  const choices: Choice[] = [{ keys: [names.byTime], covers: [] }];
  if (diner !== undefined) choices.push({ keys: [names.byDiner(diner)], covers: ['diner'] });
  // Settled ones are sorted by when they were settled.
  if (states?.every((state) => state === 'queued' || state === 'baking')) {
    choices.push({ keys: [...new Set(states)].map((state) => names.byState(state)), covers: ['states'] });
  }
  return choices;
}

/** The part of the range where a search that goes on still has to look. */
function narrow(range: ScoreRange, remainder: ScoreRange): ScoreRange {
  const froms = [range.from, remainder.from].flatMap((each) => (each === undefined ? [] : [Number(each)]));
  const to = remainder.to ?? range.to;
  return {
    ...(froms.length > 0 && { from: String(Math.max(...froms)) }),
    ...(to !== undefined && { to }),
  };
}

/** How many orders each sorted set has in this range. */
export async function sizesOf(redis: Redis, keys: string[], range: ScoreRange): Promise<Map<string, number>> {
  const pipeline = redis.pipeline();
  const to = range.to === undefined ? '+inf' : `(${range.to}`;
  for (const key of keys) pipeline.zcount(key, range.from ?? '-inf', to);
  const replies = keys.length === 0 ? [] : ((await pipeline.exec()) ?? []);
  return new Map(
    replies.map(([error, size], i) => {
      if (error) throw error;
      return [keys[i]!, size as number];
    }),
  );
}
