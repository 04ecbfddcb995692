import type { BulkTask } from '@proofbox/contract/admin';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useState, type ReactNode } from 'react';
import { adminApi } from '../api/admin-api.ts';
import { connecting, followEvents, type LiveState } from './live-stream.ts';
import { mergeTasks } from './merge-tasks.ts';

const overviewKey = ['overview'] as const;
export const tasksKey = ['bulk'] as const;
const LiveContext = createContext<LiveState>(connecting);

/** Feeds the server's event stream into the page's query cache. */
export function Live({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>(connecting);
  useEffect(
    () =>
      followEvents({
        onState: setState,
        onOverview: (overview) => client.setQueryData(overviewKey, overview),
        onBulk: (changed) => {
          client.setQueryData<BulkTask[]>(tasksKey, (known) => mergeTasks(known ?? [], changed));
          // A task that has ended leaves other dead letters than a list shows.
          if (changed.some(({ endedAt }) => endedAt !== undefined)) {
            void client.invalidateQueries({ queryKey: ['orders'] });
          }
        },
      }),
    [client],
  );
  return <LiveContext value={state}>{children}</LiveContext>;
}

export function useLiveState(): LiveState {
  return use(LiveContext);
}

/** How everything is now: by the stream, and by asking while that is cut. */
export function useOverview() {
  const isLive = useLiveState().is === 'live';
  return useQuery({
    queryKey: overviewKey,
    queryFn: ({ signal }) => adminApi.overview(signal),
    refetchInterval: isLive ? false : 5_000,
    staleTime: isLive ? Infinity : 4_000,
  });
}

/** The bulk tasks, newest first. */
export function useBulkTasks() {
  const isLive = useLiveState().is === 'live';
  return useQuery({
    queryKey: tasksKey,
    queryFn: async ({ signal }) => mergeTasks([], (await adminApi.bulkTasks(signal)).tasks),
    refetchInterval: isLive ? 60_000 : 3_000,
  });
}
