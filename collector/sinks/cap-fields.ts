import type { Json, Table } from '../schema/index.ts';
import { cutText, fitJson, jsonBytes } from './fit-json.ts';
import type { WireRow } from './wire-row.ts';

/** Longest field in bytes: Azure cuts a longer one silently at 64 KB (bytes or characters: not said, bytes are safe). */
const FIELD_BYTES = 65_536;
// What is left of a column that gives way to the others of its row.
const LEAST_BYTES = 1024;

/** A row within the limits; `reason` names the columns that were cut and how long they were. */
export interface Capped {
  readonly bytes: number;
  readonly reason: string | undefined;
}

/** Bytes that count for the limit of a field: of a text itself, else of its JSON. */
const fieldBytes = (table: Table, name: string, value: Json): number =>
  typeof value === 'string' && table.columns[name]?.type !== 'dynamic' ? Buffer.byteLength(value) : jsonBytes(value);

function cutField(table: Table, name: string, value: Json): Json {
  return typeof value === 'string' && table.columns[name]?.type !== 'dynamic'
    ? cutText(value, FIELD_BYTES)
    : fitJson(value, FIELD_BYTES);
}

/**
 * Cuts the columns of a row, `bytes` long as JSON, to what Azure takes, in place: no field above 64 KB, no row above
 * `rowBytes`. Says so in TruncatedColumns where the table has it. The values themselves are not changed.
 * A row of no more than 64 KB has no field above, and costs nothing.
 */
export function capFields(table: Table, row: WireRow, bytes: number, rowBytes: number): Capped {
  if (bytes <= Math.min(FIELD_BYTES, rowBytes)) return { bytes, reason: undefined };
  const cut = new Map<string, number>();
  const replace = (name: string, value: Json): void => {
    if (!cut.has(name)) cut.set(name, fieldBytes(table, name, row[name] ?? null));
    row[name] = value;
    if ('TruncatedColumns' in table.columns) row['TruncatedColumns'] = [...cut.keys()];
  };

  for (const [name, value] of Object.entries(row)) {
    if (fieldBytes(table, name, value) > FIELD_BYTES) replace(name, cutField(table, name, value));
  }
  let size = cut.size === 0 ? bytes : jsonBytes(row);
  while (size > rowBytes) {
    const [longest] = Object.entries(row)
      .map(([name, value]) => ({ name, value, length: jsonBytes(value) }))
      .toSorted((a, b) => b.length - a.length);
    if (longest === undefined || longest.length <= LEAST_BYTES) break;
    // Halved rather than emptied: a row may have several long columns.
    const budget = Math.max(LEAST_BYTES, longest.length - (size - rowBytes), Math.floor(longest.length / 2));
    replace(longest.name, fitJson(longest.value, budget));
    size = jsonBytes(row);
  }
  const names = [...cut].map(([name, length]) => `${name} (${length} bytes)`);
  return { bytes: size, reason: cut.size === 0 ? undefined : `cut to the limits of Azure: ${names.join(', ')}` };
}
