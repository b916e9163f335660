import type { Row, Table } from '../schema/index.ts';
import { capFields } from './cap-fields.ts';
import { jsonBytes } from './fit-json.ts';
import { toWireRow, type WireRow } from './wire-row.ts';

// A later stamp may be longer: 28 characters with ticks instead of 20, and `false` instead of `true`.
const STAMP_SPARE = 9;
const BRACKETS = 2;

/** A row that waits to be sent. `bytes` is its JSON's length at most, whatever its stamp; `cut` says what was cut. */
export interface SizedRow {
  readonly row: Row;
  readonly wire: WireRow;
  readonly bytes: number;
  readonly cut: string | undefined;
}

/** Sizes and caps a row for requests of at most `limitBytes`; a text says why it can never be sent. */
export function sizedRow(table: Table, row: Row, nowMs: number, limitBytes: number): SizedRow | string {
  const wire = toWireRow(table, row, nowMs);
  const most = limitBytes - BRACKETS - STAMP_SPARE;
  let capped;
  try {
    capped = capFields(table, wire, jsonBytes(wire), most);
  } catch (error) {
    // Its message may show the value; a row is JSON by its type, so there is little to say.
    return `cannot be written as JSON (${error instanceof Error ? error.name : 'unknown error'})`;
  }
  const { bytes, reason } = capped;
  if (bytes > most) return `${bytes} bytes after cutting: more than the ${limitBytes} bytes of a request`;
  return { row, wire, bytes: bytes + STAMP_SPARE, cut: reason };
}
