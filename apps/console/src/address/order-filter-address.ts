import { factoryNames, orderStates, deadLetterReasons } from '@proofbox/contract';
import type { OrderFilter } from '@proofbox/contract/admin';
import type { Sort } from '../api/admin-api.ts';
import { listIn, momentIn, textIn, toQuery } from './query.ts';

/** A list of orders as its address says it: which orders, in which order, from where on. */
export type OrderListAddress = { filter: OrderFilter; sort: Sort; cursor?: string };

/** What the page shows while nobody asked for anything else. */
const deadLetterStates = ['held', 'dead'] as const;

/** Reads the address. What does not make sense in it is left out, so that a mistyped link still shows a list. */
export function readOrderListAddress(query: URLSearchParams): OrderListAddress {
  const cursor = textIn(query.get('cursor'), 2_000);
  return {
    filter: present({
      state: listIn(query.get('state'), orderStates) ?? [...deadLetterStates],
      reason: listIn(query.get('reason'), deadLetterReasons),
      factory: listIn(query.get('factory'), factoryNames)?.[0],
      diner: textIn(query.get('diner')),
      store: textIn(query.get('store')),
      text: textIn(query.get('text')),
      from: momentIn(query.get('from')),
      to: momentIn(query.get('to')),
    } satisfies Record<keyof OrderFilter, unknown>),
    sort: query.get('sort') === 'oldest' ? 'oldest' : 'newest',
    ...(cursor !== undefined && { cursor }),
  };
}

/** The address of a list, as short as it can be. */
export function writeOrderListAddress({ filter, sort, cursor }: OrderListAddress): string {
  const state = isDeadLetters(filter) ? undefined : filter.state;
  return `/dead-letters${toQuery({ ...filter, state, sort: sort === 'newest' ? undefined : sort, cursor })}`;
}

/** The states asked for are those of dead letters, no more and no less. */
export function isDeadLetters({ state }: OrderFilter): boolean {
  return state?.length === deadLetterStates.length && deadLetterStates.every((each) => state.includes(each));
}

/** Without the names whose value is undefined. */
function present<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
