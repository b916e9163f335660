import type { ColumnType, Row, Table } from './table.ts';

const ISO_UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,7})?Z$/;
const isInt32 = (value: unknown): boolean => typeof value === 'number' && (value | 0) === value;

const fits: Readonly<Record<ColumnType, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  int: isInt32,
  long: (value) => Number.isSafeInteger(value),
  real: (value) => typeof value === 'number' && Number.isFinite(value),
  boolean: (value) => typeof value === 'boolean',
  datetime: (value) => typeof value === 'string' && ISO_UTC.test(value) && !Number.isNaN(Date.parse(value)),
  dynamic: (value) => ['object', 'string', 'number', 'boolean'].includes(typeof value),
};

/** What is wrong with a row, one sentence per problem; empty when the row fits its table. `null` fits every column. */
export function rowProblems(of: Table, row: Readonly<Record<string, unknown>>): readonly string[] {
  const problems: string[] = [];
  for (const [name, { type }] of Object.entries(of.columns)) {
    const value = row[name];
    if (value === undefined) problems.push(`${of.name}.${name} is missing: use null for "not known"`);
    else if (value !== null && !fits[type](value)) {
      problems.push(`${of.name}.${name} is ${JSON.stringify(value)?.slice(0, 80)}, not ${type}`);
    }
  }
  for (const name of Object.keys(row)) {
    if (!Object.hasOwn(of.columns, name)) problems.push(`${of.name} has no column ${name}`);
  }
  return problems;
}

/** True for a row of the table: every column there, each of its type or null, and no other. */
export function isRow<T extends Table>(of: T, value: unknown): value is Row<T> {
  return typeof value === 'object' && value !== null && rowProblems(of, { ...value }).length === 0;
}
