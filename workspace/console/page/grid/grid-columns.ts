import type { ColumnFormat, GridSettings } from '../../../../kql/workbook/workbook.ts';
import type { Cell, ColumnView } from '../../api.ts';
import { columnScale, type Scale } from './column-scale.ts';
import { formatCell, isNumberType, type TimeForm, timeForm } from './format-cell.ts';

/** A column that a grid shows. */
export interface ShownColumn {
  readonly index: number;
  readonly column: ColumnView;
  readonly label: string;
  readonly format: ColumnFormat | undefined;
  readonly scale: Scale | undefined;
  readonly isNumeric: boolean;
  /** Of its times; undefined where it has none. */
  readonly timeForm: TimeForm | undefined;
}

/** The columns that settings leave visible, in the order of the result. */
export function shownColumns(
  columns: readonly ColumnView[],
  rows: readonly (readonly Cell[])[],
  settings: GridSettings | undefined,
): readonly ShownColumn[] {
  return columns.flatMap((column, index) => {
    const format = settings?.formats.find((format) => format.column === column.name);
    const kind = format?.formatter.kind;
    if (kind === 'hidden') return [];
    const scale =
      format?.formatter.kind === 'bar' || format?.formatter.kind === 'heatmap'
        ? columnScale(
            rows.map((row) => row[index]),
            format.formatter,
          )
        : undefined;
    const isNumeric =
      (isNumberType(column.type) || column.type === 'timespan') &&
      kind !== 'thresholds' &&
      kind !== 'link' &&
      kind !== 'spark';
    const times = column.type === 'datetime' ? timeForm(rows.map((row) => row[index])) : undefined;
    return [{ index, column, label: format?.label ?? column.name, format, scale, isNumeric, timeForm: times }];
  });
}

/** Whether a row has a text, in any column that is shown, as it is shown or as it is. */
export function hasText(row: readonly Cell[], columns: readonly ShownColumn[], text: string): boolean {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return true;
  return columns.some(({ index, column, format, timeForm: times }) => {
    const cell = row[index] ?? null;
    if (cell === null) return false;
    const raw = typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
    return (
      raw.toLowerCase().includes(wanted) ||
      formatCell(cell, column.type, format?.number, times).text.toLowerCase().includes(wanted)
    );
  });
}
