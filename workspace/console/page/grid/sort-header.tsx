import type { ReactNode } from 'react';
import type { ShownColumn } from './grid-columns.ts';

const words = { asc: 'ascending', desc: 'descending' } as const;

/** The heading of a column, a button that sorts by it. */
export function SortHeader({
  column,
  direction,
  onSort,
}: {
  readonly column: ShownColumn;
  readonly direction: 'asc' | 'desc' | false;
  readonly onSort: () => void;
}): ReactNode {
  const width = column.format?.width;
  return (
    <th
      scope="col"
      className={column.isNumeric ? 'numeric' : undefined}
      aria-sort={direction === false ? undefined : words[direction]}
      style={width === undefined ? undefined : { width }}
    >
      <button type="button" className="grid-sort" onClick={onSort}>
        {column.label}
        <span aria-hidden="true" className="grid-sort-sign">
          {direction === false ? '' : direction === 'asc' ? '▲' : '▼'}
        </span>
      </button>
    </th>
  );
}
