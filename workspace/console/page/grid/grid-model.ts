import {
  columnFilteringFeature,
  createFilteredRowModel,
  createPaginatedRowModel,
  createSortedRowModel,
  globalFilteringFeature,
  rowPaginationFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
  type ReactTable,
} from '@tanstack/react-table';
import { useMemo } from 'react';
import type { GridSettings } from '../../../../kql/workbook/workbook.ts';
import type { Cell, ColumnView } from '../../api.ts';
import { hasText, type ShownColumn } from './grid-columns.ts';
import { compareKeys, sortKey } from './sort-key.ts';

/** A row as the table model holds it: its cells, and its place in the answer. */
export interface GridRow {
  readonly cells: readonly Cell[];
  readonly at: number;
}

const features = tableFeatures({
  rowSortingFeature,
  columnFilteringFeature,
  globalFilteringFeature,
  rowPaginationFeature,
  sortedRowModel: createSortedRowModel(),
  filteredRowModel: createFilteredRowModel(),
  paginatedRowModel: createPaginatedRowModel(),
});

function toColumnDef(shown: ShownColumn): ColumnDef<typeof features, GridRow> {
  return {
    // By name: another answer of the same tile may have other columns at the same places.
    id: shown.column.name,
    accessorFn: (row) => sortKey(row.cells[shown.index] ?? null, shown.column.type),
    sortFn: (left, right, id) => compareKeys(sortValue(left.getValue(id)), sortValue(right.getValue(id))),
    sortUndefined: 'last',
    sortDescFirst: shown.isNumeric,
  };
}

function sortValue(value: unknown): number | string {
  return typeof value === 'number' ? value : String(value);
}

/** What of an answer a grid shows. */
export interface GridContent {
  readonly columns: readonly ColumnView[];
  readonly rows: readonly (readonly Cell[])[];
  readonly shown: readonly ShownColumn[];
  readonly settings: GridSettings | undefined;
  /** Rows at first, and more each time. */
  readonly rowLimit: number;
}

/** The rows of a grid as its reader has sorted, filtered and unfolded them. */
export function useGridModel({
  columns,
  rows,
  shown,
  settings,
  rowLimit,
}: GridContent): ReactTable<typeof features, GridRow> {
  const defs = useMemo(() => shown.map(toColumnDef), [shown]);
  const data = useMemo(() => rows.map((cells, at): GridRow => ({ cells, at })), [rows]);
  const sorting = useMemo(
    () =>
      (settings?.sortBy ?? []).flatMap(({ column, isDescending }) =>
        columns.some(({ name }) => name === column) ? [{ id: column, desc: isDescending }] : [],
      ),
    [settings, columns],
  );
  return useTable({
    features,
    columns: defs,
    data,
    initialState: { sorting, pagination: { pageIndex: 0, pageSize: rowLimit } },
    autoResetPageIndex: false,
    enableMultiSort: false,
    getColumnCanGlobalFilter: () => true,
    globalFilterFn: (row, _, text: unknown) => hasText(row.original.cells, shown, String(text)),
  });
}
