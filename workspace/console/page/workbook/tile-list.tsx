import type { ReactNode } from 'react';
import type { TileSettings } from '../../../../kql/workbook/workbook.ts';
import type { Cell, ColumnView } from '../../api.ts';
import { CellView } from '../grid/cell-view.tsx';
import { type TilePart, tileParts } from './tile-parts.ts';

// Azure, Limits.md.
const mostTiles = 100;
// Longer ones (`47 min ago`) would take two lines.
const shortFigure = 6;

/** A tile for each row: a figure with its name, what it is compared to, and its course. */
export function TileList({
  columns,
  rows,
  settings,
  selected,
  onSelect,
}: {
  readonly columns: readonly ColumnView[];
  readonly rows: readonly (readonly Cell[])[];
  readonly settings: TileSettings;
  readonly selected: readonly number[];
  readonly onSelect: ((row: readonly Cell[]) => void) | undefined;
}): ReactNode {
  const parts = tileParts(settings, columns);
  return (
    <>
      <ul className="tiles">
        {rows.slice(0, mostTiles).map((row, at) => {
          const show = (part: TilePart | undefined, className: string): ReactNode => {
            const column = part === undefined ? undefined : columns[part.index];
            if (part === undefined || column === undefined) return null;
            const cell = row[part.index] ?? null;
            if (className !== 'tile-figure' && (cell === null || cell === '')) return null;
            const isLong = className === 'tile-figure' && typeof cell === 'string' && cell.length > shortFigure;
            return (
              <span className={isLong ? 'tile-figure tile-words' : className}>
                <CellView cell={cell} column={column} format={part.format} scale={undefined} onDetails={undefined} />
              </span>
            );
          };
          const content = (
            <>
              {show(parts.title, 'tile-title')}
              <span className="tile-row">
                {show(parts.left, 'tile-figure')}
                {show(parts.right, 'tile-right')}
              </span>
              {show(parts.subtitle, 'tile-subtitle')}
              {show(parts.secondary, 'tile-secondary')}
            </>
          );
          return (
            <li key={row.map(String).join('\n')} className="tile">
              {onSelect === undefined ? (
                content
              ) : (
                <button type="button" aria-pressed={selected.includes(at)} onClick={() => onSelect(row)}>
                  {content}
                </button>
              )}
            </li>
          );
        })}
      </ul>
      {rows.length > mostTiles ? (
        <p className="chart-note">
          {mostTiles} of {rows.length} tiles are shown.
        </p>
      ) : null}
    </>
  );
}
