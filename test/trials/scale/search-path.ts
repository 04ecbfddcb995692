import type { OrderFilter } from '@proofbox/contract/admin';

/** A search as it is asked of the API. */
export function searchPath(search: {
  filter: OrderFilter;
  oldestFirst?: boolean;
  limit?: number;
  cursor?: string | undefined;
}): string {
  const { filter, oldestFirst = false, limit = 50, cursor } = search;
  const { state, reason, ...others } = filter;
  const query = new URLSearchParams({
    ...(others as Record<string, string>),
    ...(state && { state: state.join(',') }),
    ...(reason && { reason: reason.join(',') }),
    sort: oldestFirst ? 'oldest' : 'newest',
    limit: String(limit),
    ...(cursor !== undefined && { cursor }),
  });
  return `/api/orders?${query.toString()}`;
}
