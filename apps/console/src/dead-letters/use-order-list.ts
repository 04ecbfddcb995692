import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { OrderListAddress } from '../address/order-filter-address.ts';
import { adminApi } from '../api/admin-api.ts';
import { pageSize, searchProgress } from './search-progress.ts';

/**
 * One page of a list. Where few orders match, the server answers with a part of a page and says where to go on: then
 * it is asked again until the page is full, all orders were looked at, or it is stopped.
 */
export function useOrderList({ filter, sort, cursor }: OrderListAddress) {
  const key = JSON.stringify([filter, sort, cursor]);
  const [stoppedKey, setStoppedKey] = useState<string>();
  const isStopped = stoppedKey === key;
  const query = useInfiniteQuery({
    queryKey: ['orders', filter, sort, cursor],
    queryFn: ({ pageParam, signal }) => adminApi.orders({ ...filter, sort, ...pageParam }, signal),
    initialPageParam: { cursor, limit: pageSize },
    getNextPageParam: (_last, pages) => searchProgress(pages).next,
    staleTime: 10_000,
    refetchOnWindowFocus: false,
  });
  const { hasNextPage, isFetching, isError, fetchNextPage } = query;
  const goesOn = hasNextPage && !isStopped && !isError;
  useEffect(() => {
    if (goesOn && !isFetching) void fetchNextPage();
  }, [goesOn, isFetching, fetchNextPage]);

  const pages = query.data?.pages ?? [];
  return {
    ...searchProgress(pages),
    unreadable: pages.flatMap((page) => page.unreadable ?? []),
    isLoaded: query.data !== undefined,
    isSearching: goesOn,
    isStopped: isStopped && hasNextPage,
    isRefreshing: query.isRefetching,
    error: query.error,
    refresh: query.refetch,
    stop: () => setStoppedKey(key),
    goOn: () => setStoppedKey(undefined),
  };
}
