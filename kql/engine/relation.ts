/**
 * Tables in memory. A relation is a number of rows and columns that can be read cell by cell; operators make new
 * relations that read from the old ones, so a column that nobody asks for is never computed.
 */
import { type Type, type Value, defaultOf } from './values/types.ts';

/** Reads the cell of a row, counted from 0. The same row gives the same value each time. */
export type Cell = (row: number) => Value;

/** A typed column without a name: what an expression yields over a relation. */
export interface Cells {
  readonly type: Type;
  readonly at: Cell;
  /** The value, where it is the same in every row and known before the first; undefined otherwise. */
  readonly constant?: Value;
  /** The columns of a function that yields several (`arg_max`, `series_stats`); `at` then reads the first. */
  readonly tuple?: readonly Column[];
}

export interface Column {
  readonly name: string;
  readonly type: Type;
  readonly at: Cell;
}

export interface Relation {
  readonly columns: readonly Column[];
  /** Rows. */
  readonly length: number;
  /** Whether the order of rows is one that `prev`, `next` and `row_number` may rely on. */
  readonly order: 'serialized' | 'none';
  /** When each row was received (`ingestion_time()`); absent where rows are no longer those of a table. */
  readonly receivedAt?: Cell;
  /** The name that `union withsource=` and `as` give it. */
  readonly name?: string;
}

/** What an operator without input (`print`, `range`, `union A, B`) is given: one row, no columns. */
export const noInput: Relation = { columns: [], length: 1, order: 'none' };

/** The same value in every row. */
export const constant = (type: Type, value: Value): Cells => ({ type, constant: value, at: () => value });

/** Cells of computed values. */
export const listed = (type: Type, values: readonly Value[]): Cells => ({ type, at: (row) => values[row] ?? null });

/** A column from cells. */
export const named = (name: string, { type, at }: Cells): Column => ({ name, type, at });

/** Cells that are computed once per row, when first asked for: for expressions that several operators read. */
export function remembered(cells: Cells, length: number): Cells {
  if (cells.constant !== undefined || length === 0) return cells;
  const known: (Value | undefined)[] = [];
  const { at } = cells;
  return {
    ...cells,
    at: (row) => {
      const found = known[row];
      if (found !== undefined) return found;
      const value = at(row);
      known[row] = value;
      return value;
    },
  };
}

/** All values of a column. */
export function valuesOf({ at }: Pick<Cells, 'at'>, length: number): Value[] {
  const values: Value[] = Array.from({ length });
  for (let row = 0; row < length; row += 1) values[row] = at(row);
  return values;
}

/** The column of that name; undefined where there is none. */
export const columnOf = (relation: Relation, name: string): Column | undefined =>
  relation.columns.find((column) => column.name === name);

/** A relation from rows, each as long as the columns. */
export function fromRows(
  columns: readonly { readonly name: string; readonly type: Type }[],
  rows: readonly (readonly Value[])[],
  order: Relation['order'] = 'none',
): Relation {
  return {
    columns: columns.map(({ name, type }, index) => ({
      name,
      type,
      at: (row) => rows[row]?.[index] ?? defaultOf(type),
    })),
    length: rows.length,
    order,
  };
}

/** One row as an array. */
export const rowOf = ({ columns }: Relation, row: number): Value[] => columns.map(({ at }) => at(row));

type Indices = Uint32Array | Int32Array | readonly number[];

/** A cell reader over other rows; a negative index reads `absent`. */
export const through =
  (at: Cell, indices: Indices, absent: Value = null): Cell =>
  (row) => {
    const index = indices[row] ?? -1;
    return index < 0 ? absent : at(index);
  };

/** The rows at these indices, in that order; -1 is a row of defaults ('' for strings, null for others). */
export function gather(relation: Relation, indices: Indices, order: Relation['order'] = relation.order): Relation {
  const { columns, receivedAt, name } = relation;
  return {
    columns: columns.map((column) => ({ ...column, at: through(column.at, indices, defaultOf(column.type)) })),
    length: indices.length,
    order,
    ...(receivedAt === undefined ? {} : { receivedAt: through(receivedAt, indices) }),
    ...(name === undefined ? {} : { name }),
  };
}

/** The same rows with other columns. */
export const withColumns = (relation: Relation, columns: readonly Column[]): Relation => ({ ...relation, columns });

/** A name that is not taken: `x`, `x1`, `x2`, …; takes it. */
export function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let number = 1; taken.has(free); number += 1) free = `${name}${number}`;
  taken.add(free);
  return free;
}
