/** Results as the texts that are sent: JSON of at most 10,000 rows, and CSV of all. */
import { stringify } from 'csv-stringify/sync';
import type { Result } from '../../../kql/engine/engine.ts';
import { KqlError } from '../../../kql/engine/errors.ts';
import { formatJson, toBag } from '../../../kql/engine/values/json.ts';
import { isArray, isBag, Real, type Type, type Value } from '../../../kql/engine/values/types.ts';
import { toJson, toText } from '../../format-result.ts';
import { inertText } from './inert-text.ts';

/** Rows of a JSON answer, as Azure gives a workbook. */
export const mostRows = 10_000;

// A browser takes seconds to read more, and shows none of it.
const MOST_CHARACTERS = 20_000_000;

/** Joins pieces up to the limit of an answer. @throws KqlError with code `budget` beyond it */
function joined(pieces: Iterable<string>, separator: string): string {
  const parts: string[] = [];
  let length = 0;
  for (const piece of pieces) {
    length += piece.length + separator.length;
    if (length > MOST_CHARACTERS)
      throw new KqlError(
        `the answer is longer than ${MOST_CHARACTERS / 1_000_000} MB: keep fewer rows (take), or fewer columns (project)`,
        { code: 'budget' },
      );
    parts.push(piece);
  }
  return parts.join(separator);
}

// Fewer digits are exact in a browser.
const longDigits = /\d{16}/;

/** A dynamic value whose longs beyond 2^53 are texts at any depth: JSON.parse of a browser would round them. */
function withLongsAsText(value: Value): Value {
  if (typeof value === 'bigint') return String(value);
  if (isArray(value)) return value.map(withLongsAsText);
  if (!isBag(value)) return value;
  return toBag(Object.entries(value).map(([key, item]) => [key, withLongsAsText(item)]));
}

function toCell(value: Value, type: Type): string {
  const text = toJson(value, type);
  return type === 'dynamic' && longDigits.test(text) ? formatJson(withLongsAsText(value)) : text;
}

/** A QueryAnswer that is ok. */
export function toAnswerText({ columns, rows }: Result, milliseconds: number): string {
  const cell = (value: Value, index: number): string => toCell(value, columns[index]?.type ?? 'dynamic');
  const lines = rows
    .slice(0, mostRows)
    .values()
    .map((row) => `[${row.map(cell).join(',')}]`);
  const head = `"columns":${JSON.stringify(columns.map(({ name, type }) => ({ name, type })))}`;
  const tail = `"rowCount":${rows.length},"milliseconds":${Math.round(milliseconds)}`;
  return `{"ok":true,${head},"rows":[${joined(lines, ',')}],${tail}}`;
}

// Numbers stay numbers: a minus sign makes a formula of a text only.
const toField = (value: Value, type: Type): string | number | bigint => {
  const number = value instanceof Real ? value.value : value;
  if (typeof number === 'bigint' || (typeof number === 'number' && Number.isFinite(number))) return number;
  const text = toText(value, type);
  return type === 'decimal' ? text : inertText(text);
};

// Excel takes a file without it for one of the system's own code page, and shows `Zo�` for Zoë.
const BYTE_ORDER_MARK = '\uFEFF';
const CHUNK_ROWS = 1000;

/** All rows as CSV. What a spreadsheet would take for a formula gets an apostrophe before it. */
export function toCsvText({ columns, rows }: Result): string {
  const write = (lines: readonly (readonly (string | number | bigint)[])[]): string =>
    stringify([...lines], { record_delimiter: 'windows' });
  function* pieces(): Generator<string> {
    yield BYTE_ORDER_MARK + write([columns.map(({ name }) => inertText(name))]);
    for (let start = 0; start < rows.length; start += CHUNK_ROWS)
      yield write(
        rows
          .slice(start, start + CHUNK_ROWS)
          .map((row) => row.map((value, index) => toField(value, columns[index]?.type ?? 'dynamic'))),
      );
  }
  return joined(pieces(), '');
}
