import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { ApiError } from '../api-client.ts';

/** Asks again what got no answer while the server was away, when it is back. @param error of the last status */
export function useRecovery(error: ApiError | undefined): void {
  const client = useQueryClient();
  const wasAway = useRef(false);
  useEffect(() => {
    if (wasAway.current && error === undefined)
      void client.refetchQueries({ type: 'active', predicate: ({ state }) => state.status === 'error' });
    wasAway.current = error !== undefined;
  }, [client, error]);
}
