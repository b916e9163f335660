import { type ReactNode, useEffect, useId, useMemo, useState } from 'react';
import type { GridSettings } from '../../../../kql/workbook/workbook.ts';
import type { Cell, ColumnView } from '../../api.ts';
import { CellView } from './cell-view.tsx';
import { type Details, DetailsDialog, toDetails } from './details-dialog.tsx';
import { shownColumns } from './grid-columns.ts';
import { useGridModel } from './grid-model.ts';
import { rowKeys } from './row-keys.ts';
import { SortHeader } from './sort-header.tsx';

const defaultRowLimit = 250;
// Beyond, as in calendars of hours, columns stand closer.
const mostWide = 16;
const none: readonly number[] = [];

/** A table of an answer: sorted, filtered and read by keyboard; rows can be chosen where `onSelect` is given. */
export function DataGrid({
  caption,
  columns,
  rows,
  settings,
  onSelect,
  selected = none,
  maxHeight,
}: {
  /** What the table shows, for those who cannot see it. */
  readonly caption: string;
  readonly columns: readonly ColumnView[];
  readonly rows: readonly (readonly Cell[])[];
  readonly settings?: GridSettings | undefined;
  readonly onSelect?: ((row: readonly Cell[], at: number) => void) | undefined;
  /** Indexes in `rows` of what is chosen. */
  readonly selected?: readonly number[] | undefined;
  /** In CSS pixels; rows beyond are scrolled to. */
  readonly maxHeight?: number | undefined;
}): ReactNode {
  const rowLimit = settings?.rowLimit ?? defaultRowLimit;
  const shown = useMemo(() => shownColumns(columns, rows, settings), [columns, rows, settings]);
  const table = useGridModel({ columns, rows, shown, settings, rowLimit });
  const [details, setDetails] = useState<Details | undefined>();
  const filterId = useId();
  const visible = table.getRowModel().rows;
  const matching = table.getFilteredRowModel().rows.length;
  const filter = String(table.state.globalFilter ?? '');

  // Rows can be reached with one Tab and the arrow keys, not with one Tab each.
  const [current, setCurrent] = useState(0);
  useEffect(() => setCurrent(0), [rows]);
  const chosen = visible.findIndex((row) => selected.includes(row.original.at));
  const tabStop = Math.min(chosen === -1 ? current : chosen, Math.max(0, visible.length - 1));

  return (
    <div className="grid">
      {settings?.hasFilter === true && rows.length > 0 ? (
        <div className="grid-filter">
          <label htmlFor={filterId} className="visually-hidden">
            Filter {caption}
          </label>
          <input
            id={filterId}
            type="search"
            placeholder="Filter rows"
            value={filter}
            onChange={(event) => table.setGlobalFilter(event.target.value)}
          />
          <span role="status" className="grid-count">
            {filter === '' ? '' : `${matching} of ${rows.length}`}
          </span>
        </div>
      ) : null}
      <div
        className="grid-scroll"
        style={maxHeight === undefined ? undefined : { maxHeight }}
        tabIndex={onSelect === undefined ? 0 : undefined}
        role="group"
        aria-label={caption}
      >
        <table
          className={shown.length > mostWide ? 'grid-table dense' : 'grid-table'}
          role={onSelect === undefined ? undefined : 'grid'}
          aria-rowcount={matching + 1}
        >
          <caption className="visually-hidden">{caption}</caption>
          <thead>
            <tr>
              {shown.map((column) => {
                const model = table.getColumn(column.column.name);
                return (
                  <SortHeader
                    key={column.index}
                    column={column}
                    direction={model?.getIsSorted() ?? false}
                    onSort={() => model?.toggleSorting()}
                  />
                );
              })}
            </tr>
          </thead>
          <tbody
            onKeyDown={
              onSelect === undefined ? undefined : (event) => rowKeys(event, visible.length, (at) => setCurrent(at))
            }
          >
            {visible.map((row, place) => {
              const { cells, at } = row.original;
              const select = onSelect === undefined ? undefined : () => onSelect(cells, at);
              return (
                <tr
                  key={at}
                  tabIndex={select === undefined ? undefined : place === tabStop ? 0 : -1}
                  aria-selected={select === undefined ? undefined : selected.includes(at)}
                  onClick={select}
                  onKeyDown={
                    select === undefined
                      ? undefined
                      : (event) => {
                          if (event.target !== event.currentTarget || (event.key !== 'Enter' && event.key !== ' '))
                            return;
                          event.preventDefault();
                          select();
                        }
                  }
                  onFocus={select === undefined ? undefined : () => setCurrent(place)}
                >
                  {shown.map((column) => (
                    <td key={column.index} className={column.isNumeric ? 'numeric' : undefined}>
                      <CellView
                        cell={cells[column.index] ?? null}
                        column={column.column}
                        format={column.format}
                        scale={column.scale}
                        timeForm={column.timeForm}
                        longText={onSelect === undefined ? 'opens' : 'titled'}
                        onDetails={(of) => setDetails(toDetails(of, column, columns, cells))}
                      />
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {matching > visible.length ? (
        <p className="grid-more">
          {visible.length.toLocaleString('en-US')} of {matching.toLocaleString('en-US')} rows{' '}
          <button
            type="button"
            className="quiet"
            onClick={() => table.setPageSize(table.state.pagination.pageSize + rowLimit)}
          >
            Show more
          </button>
        </p>
      ) : null}
      {rows.length > 0 && matching === 0 ? <p className="grid-more">No row has this text.</p> : null}
      {details === undefined ? null : <DetailsDialog details={details} onClose={() => setDetails(undefined)} />}
    </div>
  );
}
