import type { Json, Row, Table } from '../schema/index.ts';
import { timeStamps } from './stamp-time.ts';

// Most strings are short and need no escape: the test costs a third of what JSON.stringify does.
// oxlint-disable-next-line no-control-regex -- these are what JSON escapes
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
  // Enumerating the row's own keys is three times as fast as looking the table's columns up in it.
  for (const name in row) {
    const value = row[name];
    if (value === null || value === undefined || name === 'TimeGenerated' || name === 'TimeClamped') continue;
    parts.push(',"', name, '":', toText(value));
  }
  parts.push(more);
  return parts.join('');
}
