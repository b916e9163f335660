/** Answers as text: a table for people, JSON and CSV for programs. */
import Table from 'cli-table3';
import { stringify } from 'csv-stringify/sync';
import type { Result } from '../kql/engine/engine.ts';
import { asString } from '../kql/engine/values/convert.ts';
import { formatJson } from '../kql/engine/values/json.ts';
import { isNumeric, type Type, type Value } from '../kql/engine/values/types.ts';

export const formats = ['table', 'json', 'csv'] as const;
export type Format = (typeof formats)[number];

const toText = (value: Value, type: Type): string =>
  type === 'dynamic' && value !== null && typeof value === 'object' ? formatJson(value) : asString(value, type);

// Wider cells make lines that no terminal shows whole.
const widest = 60;
const shortened = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > widest ? `${line.slice(0, widest - 1)}…` : line;
};

function toTable({ columns, rows }: Result): string {
  const table = new Table({
    head: columns.map(({ name }) => name),
    colAligns: columns.map(({ type }) => (isNumeric(type) ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows)
    table.push(row.map((value, index) => shortened(toText(value, columns[index]?.type ?? 'dynamic'))));
  return `${table.toString()}\n${rows.length} ${rows.length === 1 ? 'row' : 'rows'}\n`;
}

/** JSON text of a cell: a long beyond 2^53 as a string, so that no parser rounds it; times as text. */
function toJson(value: Value, type: Type): string {
  if (typeof value === 'bigint') return `"${value}"`;
  if (type === 'decimal' && value !== null) return `"${asString(value)}"`;
  return formatJson(value);
}

function toJsonText({ columns, rows }: Result): string {
  const head = JSON.stringify(columns.map(({ name, type }) => ({ name, type })));
  const lines = rows.map(
    (row) => `[${row.map((value, index) => toJson(value, columns[index]?.type ?? 'dynamic')).join(',')}]`,
  );
  return `{"columns":${head},"rows":[${lines.join(',\n')}]}\n`;
}

function toCsv({ columns, rows }: Result): string {
  return stringify([
    columns.map(({ name }) => name),
    ...rows.map((row) => row.map((value, index) => toText(value, columns[index]?.type ?? 'dynamic'))),
  ]);
}

const writers: Readonly<Record<Format, (result: Result) => string>> = { table: toTable, json: toJsonText, csv: toCsv };

/** The whole answer, with a line feed at its end. */
export const formatResult = (result: Result, format: Format): string => writers[format](result);
