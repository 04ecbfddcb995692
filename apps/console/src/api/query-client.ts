import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isSignedOut, mayPass } from './api-error.ts';

export const sessionKey = ['session'] as const;

/** Holds what the server said. Whatever call learns that the session has ended, the page asks to sign in. */
export function createQueryClient(): QueryClient {
  const signedOut = (error: unknown): void => {
    if (isSignedOut(error)) client.setQueryData(sessionKey, null);
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: signedOut }),
    mutationCache: new MutationCache({ onError: signedOut }),
    defaultOptions: {
      queries: {
        retry: (failures, error) => mayPass(error) && failures < 2,
        staleTime: 5_000,
      },
      mutations: { retry: false },
    },
  });
  return client;
}
