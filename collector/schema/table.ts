/** How a table is defined. Everything else that must know a table's columns derives from this. */

/** Column types that a DCR stream declares (`datetime` lower-case there, `dateTime` in a table). */
export type ColumnType = 'string' | 'int' | 'long' | 'real' | 'boolean' | 'datetime' | 'dynamic';

/** What a column says about a person: nothing, who they are, or what they wrote and read. */
export type Privacy = 'none' | 'identity' | 'content';

/** One column, as plain data. */
export interface Column {
  readonly type: ColumnType;
  readonly privacy: Privacy;
  /** One sentence for docs/tables.md. */
  readonly description: string;
}

/** A custom Log Analytics table. Columns are only ever added: a type change is a new column. */
export interface Table<C extends Readonly<Record<string, Column>> = Readonly<Record<string, Column>>> {
  readonly name: `${string}_CL`;
  readonly description: string;
  readonly columns: C;
}

/** A value that JSON can carry. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

interface ValueOf {
  string: string;
  int: number;
  long: number;
  real: number;
  boolean: boolean;
  /** ISO 8601 in UTC with a `Z`. */
  datetime: string;
  dynamic: Json;
}

/** One row of a table: every column present, `null` where the value is not known. */
export type Row<T extends Table = Table> = {
  readonly [K in keyof T['columns']]: ValueOf[T['columns'][K]['type']] | null;
};

/** Declares a table and keeps the literal column types. */
export function table<const C extends Readonly<Record<string, Column>>>(definition: Table<C>): Table<C> {
  return definition;
}

const column =
  <T extends ColumnType>(type: T) =>
  (description: string, privacy: Privacy = 'none'): { type: T; privacy: Privacy; description: string } => ({
    type,
    privacy,
    description,
  });

export const string = column('string');
export const int = column('int');
export const long = column('long');
export const real = column('real');
export const boolean = column('boolean');
export const datetime = column('datetime');
export const dynamic = column('dynamic');

/** A row in which every column is `null`: the base that row builders fill in. */
export function emptyRow<T extends Table>(of: T): Row<T> {
  const row: Record<string, null> = {};
  for (const name of Object.keys(of.columns)) row[name] = null;
  // oxlint-disable-next-line typescript/consistent-type-assertions -- the loop covers exactly the table's columns
  return row as Row<T>;
}
