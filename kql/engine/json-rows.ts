/** Rows that come as JSON. */
import type { TableSchema } from './language/schema.ts';
import { type Column, type Relation, remembered } from './relation.ts';
import { convert } from './values/convert.ts';
import { plain } from './values/numbers.ts';
import { isBag, type Type, type Value } from './values/types.ts';

/** Whether a number is one that the type holds: 1.5 is no long, 2^31 no int. */
function isHeld(value: Value, type: 'int' | 'long'): boolean {
  if (typeof value === 'number' && !Number.isInteger(value)) return false;
  if (typeof value !== 'number' && typeof value !== 'bigint') return true;
  const limit = type === 'int' ? 2 ** 31 : 2 ** 63;
  return value >= -limit && value < limit;
}

/** A JSON value as a column of the type holds it: what does not fit is null, as Azure stores it. */
export function fromJson(value: Value, type: Type): Value {
  if (typeof value === 'string' || type === 'dynamic' || type === 'string') return convert(value, type);
  if (value === null || type === 'datetime' || type === 'timespan' || type === 'guid') return null;
  if (typeof value === 'boolean') return type === 'bool' ? value : null;
  if ((type === 'int' || type === 'long') && !isHeld(plain(value), type)) return null;
  return Array.isArray(value) || isBag(value) ? null : convert(value, type);
}

/** A row as JSON: members by name of column; what is left out is null. */
export type JsonRow = { readonly [column: string]: Value };

/** A table from rows in memory. `_TimeReceived` of a row is when it was received. */
export function fromJsonRows({ name, columns }: TableSchema, rows: readonly JsonRow[]): Relation {
  const read = (column: string, type: Type): Column => ({
    name: column,
    ...remembered({ type, at: (row) => fromJson(rows[row]?.[column] ?? null, type) }, rows.length),
  });
  return {
    name,
    columns: columns.map((column) => read(column.name, column.type)),
    length: rows.length,
    order: 'none',
    receivedAt: read('_TimeReceived', 'datetime').at,
  };
}
