import { useQuery } from '@tanstack/react-query';
import type { Status } from '../../api.ts';
import { ApiError, getStatus } from '../api-client.ts';

const EVERY_MS = 2000;

/** What the server says of itself, asked every two seconds; the last answer stays while it does not answer. */
export function useStatus(): { readonly status: Status | undefined; readonly error: ApiError | undefined } {
  const { data, error } = useQuery({
    queryKey: ['status'],
    queryFn: async ({ signal }) => getStatus(signal),
    refetchInterval: EVERY_MS,
    staleTime: EVERY_MS,
    retry: false,
  });
  return { status: data, error: error instanceof ApiError ? error : undefined };
}
