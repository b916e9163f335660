/** Answers as text: a table for people, JSON and CSV for programs. */
import Table from 'cli-table3';
import { stringify } from 'csv-stringify/sync';
import type { Result } from '../kql/engine/engine.ts';
import { asString } from '../kql/engine/values/convert.ts';
import { formatJson } from '../kql/engine/values/json.ts';
import { isNumeric, type Type, type Value } from '../kql/engine/values/types.ts';

export const formats = ['table', 'json', 'csv'] as const;
export type Format = (typeof formats)[number];

/** The text of a cell as tables and CSV show it. */
export const toText = (value: Value, type: Type): string =>
  type === 'dynamic' && value !== null && typeof value === 'object' ? formatJson(value) : asString(value, type);

// Wider cells make lines that no terminal shows whole.
const widest = 60;
const shortened = (text: string, width: number): string => {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > width ? `${line.slice(0, width - 1)}…` : line;
};

const rowCount = ({ rows }: Result): string => `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}\n`;

/** One block per row with a line per column; without rows, the names of the columns. */
function toBlocks(result: Result, width: number): string {
  const { columns, rows } = result;
  const labels = columns.map(({ name }) => `${name}:`);
  const longest = Math.max(0, ...labels.map(({ length }) => length)) + 1;
  const room = Math.max(widest, width - longest);
  const toLine = (value: Value, index: number): string => {
    const text = shortened(toText(value, columns[index]?.type ?? 'dynamic'), room);
    return `${(labels[index] ?? '').padEnd(longest)}${text}`.trimEnd();
  };
  const blocks = rows.map((row, index) => [`── row ${index + 1} ──`, ...row.map(toLine), ''].join('\n'));
  return [...(rows.length === 0 ? columns.map(({ name }) => name) : blocks), rowCount(result)].join('\n');
}

/** A table; blocks where its lines would be longer than the terminal's. */
function toTable(result: Result, width: number): string {
  const { columns, rows } = result;
  const table = new Table({
    head: columns.map(({ name }) => name),
    colAligns: columns.map(({ type }) => (isNumeric(type) ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows)
    table.push(row.map((value, index) => shortened(toText(value, columns[index]?.type ?? 'dynamic'), widest)));
  const text = table.toString();
  return text.indexOf('\n') > width ? toBlocks(result, width) : `${text}\n${rowCount(result)}`;
}

/** JSON text of a cell: a long beyond 2^53 as a string, so that no parser rounds it; times as text. */
export function toJson(value: Value, type: Type): string {
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

type Writer = (result: Result, width: number) => string;
const writers: Readonly<Record<Format, Writer>> = { table: toTable, json: toJsonText, csv: toCsv };

// Where the answer goes into a file or a pipe, nobody knows how wide the screen is.
const DEFAULT_WIDTH = 160;

/** The whole answer, with a line feed at its end. A table wider than `width` characters is written row by row. */
export const formatResult = (result: Result, format: Format, width = DEFAULT_WIDTH): string =>
  writers[format](result, width);
