import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { runQuery } from '../api-client.ts';
import type { Cell, QueryAnswer } from '../../api.ts';
import { useDataVersion } from './use-data-version.ts';

/** Runs a query of a tile, again when rows have come in; the last answer stays until the next one is there. */
export function useRows(query: string): UseQueryResult<QueryAnswer> {
  const version = useDataVersion();
  return useQuery({
    queryKey: ['query', query, version],
    queryFn: async ({ signal }) => runQuery(query, signal),
    placeholderData: keepPreviousData,
  });
}

/** Rows by name of column. */
export function namedRows(answer: Extract<QueryAnswer, { ok: true }>): readonly Readonly<Record<string, Cell>>[] {
  return answer.rows.map((row) =>
    Object.fromEntries(answer.columns.map(({ name }, index) => [name, row[index] ?? null])),
  );
}

/** A cell as a number; 0 for what is none. */
export const numberOf = (cell: Cell | undefined): number => {
  const value = typeof cell === 'number' || typeof cell === 'string' ? Number(cell) : 0;
  return Number.isFinite(value) ? value : 0;
};

/** A cell as text; empty for what is none, JSON for what has parts. */
export const textOf = (cell: Cell | undefined): string =>
  cell === undefined || cell === null ? '' : typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
