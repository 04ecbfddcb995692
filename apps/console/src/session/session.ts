import type { Role, SessionView } from '@proofbox/contract/admin';
import { mayDo } from '@proofbox/contract/admin';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { isSignedOut } from '../api/api-error.ts';
import { adminApi } from '../api/admin-api.ts';
import { sessionKey } from '../api/query-client.ts';

/** Who is signed in; null: nobody. */
const sessionQuery = queryOptions({
  queryKey: sessionKey,
  queryFn: async ({ signal }): Promise<SessionView | null> => {
    try {
      return await adminApi.session(signal);
    } catch (error) {
      if (isSignedOut(error)) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

export function useSession() {
  return useQuery(sessionQuery);
}

/** Whether who is signed in may do what asks for this role. */
export function useMay(needed: Role): boolean {
  const { data } = useSession();
  return data ? mayDo(data.role, needed) : false;
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: adminApi.signIn,
    onSuccess: (session) => client.setQueryData(sessionKey, session),
  });
}

/** Also forgets everything that the page knew. */
export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: adminApi.signOut,
    onSuccess: () => {
      client.setQueryData(sessionKey, null);
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] });
    },
  });
}
