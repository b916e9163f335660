import type { Json, Row, Table } from '../schema/index.ts';
import { timeStamps } from './stamp-time.ts';

/** A row as it is sent: an object of its own without null columns, stamped anew before each try. */
export type WireRow = Record<string, Json>;

/** Stamps a row in place for `nowMs` (milliseconds since 1970). */
export function stamp(table: Table, wire: WireRow, row: Row, nowMs: number): void {
  const { timeGenerated, timeClamped } = timeStamps(row, nowMs);
  wire['TimeGenerated'] = timeGenerated;
  if ('TimeClamped' in table.columns) wire['TimeClamped'] = timeClamped;
}

/** Makes the object to send; its values are the row's own. */
export function toWireRow(table: Table, row: Row, nowMs: number): WireRow {
  const wire: WireRow = {};
  stamp(table, wire, row, nowMs);
  // Enumerating the row's own keys is three times as fast as looking the table's columns up in it.
  for (const name in row) {
    const value = row[name];
    if (value === null || value === undefined || name === 'TimeGenerated' || name === 'TimeClamped') continue;
    wire[name] = value;
  }
  return wire;
}
