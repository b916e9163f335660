import { queryOptions } from '@tanstack/react-query';
import { runQuery } from '../api-client.ts';

/** How a query of a workbook is asked: once for a text and a version of the rows. */
export const answerOptions = (query: string, version: number) =>
  queryOptions({
    queryKey: ['query', query, version],
    queryFn: async ({ signal }) => runQuery(query, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
