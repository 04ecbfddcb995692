import { orderStates, type OrderState, type DeadLetterReason } from '@proofbox/contract';
import { timeOf, type OrderFilter } from '@proofbox/contract/admin';
import { lowerAscii } from './error-text.ts';

export type Search = {
  filter: OrderFilter;
  /** Dead and held orders only, and by when they were settled, whatever else the filter finds. */
  deadLettersOnly?: boolean;
  /** Settled before that, in ms since the epoch; for dead letters only. */
  before?: number;
};

/** What the records of orders have to say (search-orders.lua). Times in ms since the epoch. */
export type Match = {
  states?: OrderState[];
  reasons?: DeadLetterReason[];
  factory?: string;
  diner?: string;
  store?: string;
  /** In lower case. */
  text?: string;
  acceptedFrom?: number;
  acceptedTo?: number;
};

/** Scores as Redis takes them; `to` is not part of the range. */
export type ScoreRange = { from?: string; to?: string };

/** What a search means: by which time it is sorted, within which range of it, and what has to hold besides. */
export type SearchMeaning = { isBySettledAt: boolean; range: ScoreRange; match: Match };

/** The time in a filter stays the one that a list by it goes by, also where the search is for dead letters only. */
export function readSearch(search: Search): SearchMeaning {
  const { filter, deadLettersOnly, before } = search;
  const {
    state: _inStatesOf,
    reason,
    factory,
    diner,
    store,
    text,
    from: since,
    to: until,
    ...others
  } = filter;
  // A condition that is forgotten here would have a bulk task take every order.
  others satisfies Record<string, never>;
  const isFilterBySettledAt = timeOf(filter) === 'settledAt';
  const isBySettledAt = deadLettersOnly === true || isFilterBySettledAt;
  const from = since === undefined ? undefined : Date.parse(since);
  const to = until === undefined ? undefined : Date.parse(until);
  const isFiltersTime = isBySettledAt === isFilterBySettledAt;
  const states = statesOf(search);
  const match: Match = {
    ...(states && { states }),
    ...(reason && { reasons: reason }),
    ...(factory !== undefined && { factory }),
    ...(diner !== undefined && { diner }),
    ...(store !== undefined && { store }),
    ...(text !== undefined && { text: lowerAscii(text) }),
    ...(!isFiltersTime && from !== undefined && { acceptedFrom: from }),
    ...(!isFiltersTime && to !== undefined && { acceptedTo: to }),
  };
  const upTo = Math.min(before ?? Infinity, isFiltersTime && to !== undefined ? to : Infinity);
  const range = {
    ...(isFiltersTime && from !== undefined && { from: String(from) }),
    ...(upTo !== Infinity && { to: String(upTo) }),
  };
  return { isBySettledAt, range, match };
}

/** Only dead and held orders have a reason. */
function statesOf({ filter, deadLettersOnly }: Search): OrderState[] | undefined {
  if (!deadLettersOnly && filter.reason === undefined) return filter.state;
  return (filter.state ?? orderStates).filter(isDeadLetter);
}

export function isDeadLetter(state: OrderState): boolean {
  return state === 'dead' || state === 'held';
}
