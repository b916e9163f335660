import { cellText } from '../../../../kql/workbook/cell-text.ts';
import { plainValue } from '../../../../kql/workbook/conditions.ts';
import { withText } from '../../../../kql/workbook/values.ts';
import type { Export, ParameterValue, Values } from '../../../../kql/workbook/workbook.ts';
import type { Cell, ColumnView } from '../../api.ts';

/** A row as JSON by name of column: what Azure exports where no column is named. */
function rowJson(columns: readonly ColumnView[], row: readonly Cell[]): string {
  return JSON.stringify(Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])));
}

function exported({ field }: Export, columns: readonly ColumnView[], row: readonly Cell[]): string {
  if (field === undefined) return rowJson(columns, row);
  return cellText(row[columns.findIndex(({ name }) => name === field)]);
}

/** The places of the rows that the values of the view come from: more than one where they are alike in what they set. */
export function selectedRows(
  exports: readonly Export[],
  columns: readonly ColumnView[],
  rows: readonly (readonly Cell[])[],
  values: Values,
): readonly number[] {
  if (exports.length === 0) return [];
  const chosen = exports.map(({ parameter }) => plainValue(values.get(parameter)?.value));
  if (exports.every(({ defaultValue }, at) => defaultValue === chosen[at])) return [];
  return rows.flatMap((row, index) =>
    exports.every((each, at) => exported(each, columns, row) === chosen[at]) ? [index] : [],
  );
}

/** What choosing a row sets; the row that is chosen already gives its parameters their defaults back. */
export function rowChanges(
  exports: readonly Export[],
  columns: readonly ColumnView[],
  row: readonly Cell[],
  values: Values,
): readonly { readonly name: string; readonly value: ParameterValue }[] {
  const isChosen = selectedRows(exports, columns, [row], values).length > 0;
  return exports.flatMap((each) => {
    const text = isChosen ? each.defaultValue : exported(each, columns, row);
    const value = withText(values, each.parameter, text).get(each.parameter)?.value;
    return value === undefined ? [] : [{ name: each.parameter, value }];
  });
}
