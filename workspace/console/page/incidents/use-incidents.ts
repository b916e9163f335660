import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { IncidentSummary } from '../../api.ts';
import { getIncidents } from '../api-client.ts';
import { useStatus } from '../shell/use-status.ts';

/** The incidents, newest first; asked again when the rules have found more or run on. */
export function useIncidents(): UseQueryResult<readonly IncidentSummary[]> {
  const rules = useStatus().status?.rules;
  const total = Object.values(rules?.incidents ?? {}).reduce((sum, count) => sum + count, 0);
  return useQuery({
    queryKey: ['incidents', total, rules?.done, rules?.evaluatedUpTo],
    queryFn: async ({ signal }) => getIncidents(signal),
    placeholderData: keepPreviousData,
  });
}
