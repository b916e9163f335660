/** Rows of an answer, and their values as alerts show them. */
import type { Result } from '../../kql/engine/engine.ts';
import { formatJson } from '../../kql/engine/values/json.ts';
import type { Value } from '../../kql/engine/values/types.ts';

/** A row of an answer by name of column. */
export type AnswerRow = ReadonlyMap<string, Value>;

/** The rows of an answer. */
export const rowsOf = ({ columns, rows }: Result): readonly AnswerRow[] =>
  rows.map((row) => new Map(columns.map(({ name }, index) => [name, row[index] ?? null])));

/** A value as text; '' for null. Times as ISO 8601, arrays and bags as JSON. */
export function valueText(value: Value | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  const json = formatJson(value);
  return json.startsWith('"') ? String(JSON.parse(json)) : json;
}

/** The values of a column's cell as texts: the items of an array, else the value; empty ones are left out. */
export const valueTexts = (value: Value | undefined): readonly string[] =>
  (Array.isArray(value) ? value : [value])
    .map((item: Value | undefined) => valueText(item))
    .filter((text) => text !== '');
