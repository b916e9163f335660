import type { ReactNode } from 'react';
import { substituteText } from '../../../../kql/workbook/substitute.ts';
import type { QueryItem } from '../../../../kql/workbook/workbook.ts';
import type { Cell, QueryAnswer } from '../../api.ts';
import { isChartKind } from '../chart/axes.ts';
import { Chart } from '../chart/chart.tsx';
import { DataGrid } from '../grid/data-grid.tsx';
import { Notice } from '../shell/notice.tsx';
import { rowChanges, selectedRows } from './row-exports.ts';
import { StatList } from './stat-list.tsx';
import { TileList } from './tile-list.tsx';
import { useView } from './view-context.ts';

/** The answer of a tile's query as the workbook wants it drawn, or as a table. */
export function TileAnswer({
  item,
  name,
  answer,
  shape,
  height,
}: {
  readonly item: QueryItem;
  readonly name: string;
  readonly answer: QueryAnswer;
  readonly shape: 'drawn' | 'table';
  readonly height: number;
}): ReactNode {
  const { values, now, set } = useView();
  if (!answer.ok)
    return (
      <Notice kind="error" title={`This query failed (${answer.problem.code}).`}>
        {answer.problem.message}
      </Notice>
    );
  const { columns, rows, rowCount } = answer;
  const [first] = rows;
  if (first === undefined)
    return (
      <p className="tile-note">
        {item.noDataMessage === '' ? 'No rows.' : substituteText(item.noDataMessage, values, now)}
      </p>
    );
  const hasExports = item.exports.length > 0;
  const selected = selectedRows(item.exports, columns, rows, values);
  const onSelect = hasExports
    ? (row: readonly Cell[]): void => set(rowChanges(item.exports, columns, row, values))
    : undefined;
  const { visualization } = item;
  return (
    <>
      {visualization === 'table' || shape === 'table' ? (
        <DataGrid
          caption={name}
          columns={columns}
          rows={rows}
          settings={visualization === 'table' ? item.grid : undefined}
          selected={selected}
          onSelect={onSelect}
          maxHeight={height}
        />
      ) : isChartKind(visualization) ? (
        <Chart
          caption={name}
          kind={visualization}
          columns={columns}
          rows={rows}
          settings={item.chart}
          height={height}
          hasSwitch="no"
        />
      ) : visualization === 'tiles' ? (
        <TileList columns={columns} rows={rows} settings={item.tiles} selected={selected} onSelect={onSelect} />
      ) : (
        <StatList columns={columns} row={first} />
      )}
      {rowCount > rows.length ? (
        <p className="chart-note">
          The first {rows.length.toLocaleString('en-US')} of {rowCount.toLocaleString('en-US')} rows.
        </p>
      ) : null}
    </>
  );
}
