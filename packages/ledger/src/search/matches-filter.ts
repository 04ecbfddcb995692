import { idText, type OrderSummary } from '@proofbox/contract';
import { timeOf, type OrderFilter } from '@proofbox/contract/admin';
import { errorHas, lowerAscii } from './error-text.ts';

/** Whether an order is one of those that a filter asks for. The search in Redis means the same (search-orders.lua). */
export function matchesFilter(filter: OrderFilter, order: OrderSummary): boolean {
  const { state, reason, factory, diner, store, text, from, to, ...others } = filter;
  others satisfies Record<string, never>;
  const last = order.lastAttempt;
  const time = timeOf(filter) === 'settledAt' ? order.updatedAt : order.acceptedAt;
  return (
    isIn(state, order.state) &&
    isIn(reason, order.reason) &&
    (factory === undefined || last?.factory === factory) &&
    (diner === undefined || order.dinerId === diner) &&
    (store === undefined || idText(order.request.order.storeId) === store) &&
    (text === undefined || errorHas(last?.detail, lowerAscii(text))) &&
    (from === undefined || time >= Date.parse(from)) &&
    (to === undefined || time < Date.parse(to))
  );
}

function isIn<T>(wanted: T[] | undefined, value: T | undefined): boolean {
  return wanted === undefined || (value !== undefined && wanted.includes(value));
}
