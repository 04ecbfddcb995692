import { idText, type OrderSummary } from '@proofbox/contract';
import { timeOf, type OrderFilter } from '@proofbox/contract/admin';
import { errorHas, lowerAscii } from './error-text.ts';

/** Whether an order is one of those that a filter asks for. The search in Redis means the same (search-orders.lua). */
export function matchesFilter(filter: OrderFilter, order: OrderSummary): boolean {
  const last = order.lastAttempt;
  const time = timeOf(filter) === 'settledAt' ? order.updatedAt : order.acceptedAt;
  return (
    isIn(filter.state, order.state) &&
    isIn(filter.reason, order.reason) &&
    (filter.factory === undefined || last?.factory === filter.factory) &&
    (filter.diner === undefined || order.dinerId === filter.diner) &&
    (filter.store === undefined || idText(order.request.order.storeId) === filter.store) &&
    (filter.text === undefined || errorHas(last?.detail, lowerAscii(filter.text))) &&
    (filter.from === undefined || time >= Date.parse(filter.from)) &&
    (filter.to === undefined || time < Date.parse(filter.to))
  );
}

function isIn<T>(wanted: T[] | undefined, value: T | undefined): boolean {
  return wanted === undefined || (value !== undefined && wanted.includes(value));
}
