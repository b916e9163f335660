import type { Json, Row, Table } from '../schema/index.ts';
import { timeStamps } from './stamp-time.ts';

const STAMPED = new Set(['TimeGenerated', 'TimeClamped']);
const columnsOf = new WeakMap<Table, readonly (readonly [name: string, prefix: string])[]>();

function unstamped(table: Table): readonly (readonly [string, string])[] {
  let columns = columnsOf.get(table);
  if (columns === undefined) {
    columns = Object.keys(table.columns)
      .filter((name) => !STAMPED.has(name))
      .map((name) => [name, `,"${name}":`] as const);
    columnsOf.set(table, columns);
  }
  return columns;
}

// Most strings are short and need no escape: the test costs a third of what JSON.stringify does.
const PLAIN = /^[^"\\\u0000-\u001f\ud800-\udfff]*$/;
const toText = (value: Json): string =>
  typeof value === 'string' && PLAIN.test(value) ? `"${value}"` : JSON.stringify(value);

/**
 * A row as a JSON object, stamped for `nowMs`. Null columns are left out: most are null, and whoever reads a row knows
 * its columns from the table. `more` ends it:
 * further members and the closing brace.
 */
export function toRowText(table: Table, row: Row, nowMs: number, more = '}'): string {
  const { timeGenerated, timeClamped } = timeStamps(row, nowMs);
  const parts = ['{"TimeGenerated":"', timeGenerated, '"'];
  if ('TimeClamped' in table.columns) parts.push(`,"TimeClamped":${timeClamped}`);
  for (const [name, prefix] of unstamped(table)) {
    const value = row[name];
    if (value !== null && value !== undefined) parts.push(prefix, toText(value));
  }
  parts.push(more);
  return parts.join('');
}
