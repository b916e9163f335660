import type { ReactNode } from 'react';
import type { Cell, ColumnView } from '../../api.ts';
import { CellView } from '../grid/cell-view.tsx';
import { isNumberType } from '../grid/format-cell.ts';

/** The first row as figures under the names of their columns; as text where it holds no number. */
export function StatList({
  columns,
  row,
}: {
  readonly columns: readonly ColumnView[];
  readonly row: readonly Cell[];
}): ReactNode {
  const figures = columns.flatMap((column, index) =>
    isNumberType(column.type) ? [{ column, cell: row[index] ?? null }] : [],
  );
  const shown = figures.length > 0 ? figures : columns.map((column, index) => ({ column, cell: row[index] ?? null }));
  return (
    <ul className="tiles">
      {shown.map(({ column, cell }) => (
        <li key={column.name} className="tile">
          <span className="tile-title">{column.name}</span>
          <span className={figures.length > 0 ? 'tile-figure' : 'tile-text'}>
            <CellView cell={cell} column={column} format={undefined} scale={undefined} onDetails={undefined} />
          </span>
        </li>
      ))}
    </ul>
  );
}
