/** Runs a query without tables and gives its answer as plain JavaScript. */
import type { Limits } from '../../../kql/engine/budget.ts';
import { engine } from '../../../kql/engine/engine.ts';
import { asString } from '../../../kql/engine/values/convert.ts';
import { formatJson } from '../../../kql/engine/values/json.ts';
import { Datetime, Decimal, Timespan, type Value } from '../../../kql/engine/values/types.ts';

const kql = engine({});

function plain(value: Value): unknown {
  if (value instanceof Datetime || value instanceof Timespan || value instanceof Decimal) return asString(value);
  return typeof value === 'object' && value !== null ? JSON.parse(formatJson(value)) : value;
}

/** Columns as `name:type`, rows as arrays; times as text. */
export function answer(
  query: string,
  limits: Limits = {},
): {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
} {
  const { columns, rows } = kql.prepare(query).run({ now: new Date('2026-11-20T12:00:00Z'), limits });
  return { columns: columns.map(({ name, type }) => `${name}:${type}`), rows: rows.map((row) => row.map(plain)) };
}

/** A query, the columns of its answer and the rows. */
export type Case = readonly [what: string, query: string, columns: string, rows: readonly (readonly unknown[])[]];

/** The answer of a case in the shape of the case. */
export function answered([what, query]: Case): Case {
  const { columns, rows } = answer(query);
  return [what, query, columns.join(' '), rows];
}
