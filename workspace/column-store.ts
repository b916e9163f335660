/** Columns in memory: typed arrays and dictionaries instead of one object per cell. */
import { fromJson } from '../kql/engine/json-rows.ts';
import type { Cell } from '../kql/engine/relation.ts';
import { ticksPerMillisecond, unixEpoch } from '../kql/engine/values/calendar.ts';
import { parseDatetime } from '../kql/engine/values/datetime.ts';
import { parseJson } from '../kql/engine/values/json.ts';
import { Datetime, defaultOf, type Type, type Value } from '../kql/engine/values/types.ts';

/** A column that is being filled row by row from the bytes of JSON values. */
export interface ColumnBuilder {
  /** Sets the value of a row, over the one it had. @throws SyntaxError for bytes that are no JSON value */
  readonly set: (row: number, bytes: Buffer, start: number, end: number) => void;
  /** The value of a row; null, or '' of text, for rows that were never set. */
  readonly at: Cell;
}

/** An array with room for a row: at least twice as large as before. @param make An array of no values */
function grown<A extends { readonly length: number; set: (from: A) => void }>(
  array: A,
  row: number,
  make: (length: number) => A,
): A {
  if (row < array.length) return array;
  const larger = make(Math.max(1024, 2 * row));
  larger.set(array);
  return larger;
}

const quote = 34;
const backslash = 92;

/** The text of a JSON string without escapes; undefined where it must be parsed. */
function plainText(bytes: Buffer, start: number, end: number): string | undefined {
  if (bytes[start] !== quote) return undefined;
  for (let index = start + 1; index < end - 1; index += 1) if (bytes[index] === backslash) return undefined;
  return bytes.toString('utf8', start + 1, end - 1);
}

/** The text of a JSON value as a column of the type holds it. */
export const toCell = (text: string, type: Type): Value => fromJson(parseJson(text), type);

/** Strings and everything rare: codes into a list of distinct values. */
function dictionaryColumn(type: Type): ColumnBuilder {
  let codes = new Uint32Array(0);
  const values: Value[] = [defaultOf(type)];
  const known = new Map<string, number>();
  return {
    set: (row, bytes, start, end) => {
      const plain = type === 'string' ? plainText(bytes, start, end) : undefined;
      const key = plain ?? bytes.toString('utf8', start, end);
      // A text and the JSON of another one must not meet in the dictionary.
      const unique = plain === undefined ? `\u0000${key}` : key;
      let code = known.get(unique);
      if (code === undefined) {
        code = values.length;
        values.push(plain ?? toCell(key, type));
        known.set(unique, code);
      }
      codes = grown(codes, row, (length) => new Uint32Array(length));
      codes[row] = code;
    },
    at: (row) => values[codes[row] ?? 0] ?? null,
  };
}

// No datetime: the least is 0.
const noTicks = -1n;

/** The number that digits make; NaN where a byte is none. */
function digits(bytes: Buffer, start: number, end: number): number {
  let number = 0;
  for (let index = start; index < end; index += 1) {
    const digit = (bytes[index] ?? 0) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

// The form that the collector writes, quotes included.
const isoForm = '"2026-11-20T12:34:56.789Z"';
const isoMarks = Array.from(isoForm.matchAll(/\D/g), ({ index }) => ({ index, code: isoForm.charCodeAt(index) }));

/** Ticks of a datetime as the collector writes it; undefined for other forms, and for days that some month has not. */
function isoTicks(bytes: Buffer, start: number, end: number): bigint | undefined {
  if (end - start !== isoForm.length) return undefined;
  for (const { index, code } of isoMarks) if (bytes[start + index] !== code) return undefined;
  const part = (from: number, to: number): number => digits(bytes, start + from, start + to);
  const [year, month, day] = [part(1, 5), part(6, 8), part(9, 11)];
  const [hour, minute, second, fraction] = [part(12, 14), part(15, 17), part(18, 20), part(21, 24)];
  const isPlain = year >= 1000 && month >= 1 && month <= 12 && day >= 1 && day <= 28;
  if (!isPlain || !(hour <= 23 && minute <= 59 && second <= 59 && fraction <= 999)) return undefined;
  return unixEpoch + BigInt(Date.UTC(year, month - 1, day, hour, minute, second, fraction)) * ticksPerMillisecond;
}

function toTicks(bytes: Buffer, start: number, end: number): bigint {
  const iso = isoTicks(bytes, start, end);
  if (iso !== undefined) return iso;
  const text = plainText(bytes, start, end);
  const value = text === undefined ? toCell(bytes.toString('utf8', start, end), 'datetime') : parseDatetime(text);
  return value instanceof Datetime ? value.ticks : noTicks;
}

function datetimeColumn(): ColumnBuilder {
  let ticks = new BigInt64Array(0);
  return {
    set: (row, bytes, start, end) => {
      ticks = grown(ticks, row, (length) => new BigInt64Array(length).fill(noTicks));
      ticks[row] = toTicks(bytes, start, end);
    },
    at: (row) => {
      const value = ticks[row] ?? noTicks;
      return value === noTicks ? null : new Datetime(value);
    },
  };
}

/** Numbers that a double holds; NaN is null. Larger integers, and a NaN that is written as text, lie aside. */
function numberColumn(type: Type): ColumnBuilder {
  let numbers = new Float64Array(0);
  const aside = new Map<number, Value>();
  return {
    set: (row, bytes, start, end) => {
      const value = toCell(bytes.toString('utf8', start, end), type);
      numbers = grown(numbers, row, (length) => new Float64Array(length).fill(Number.NaN));
      numbers[row] = typeof value === 'number' ? value : Number.NaN;
      if (value !== null && Number.isNaN(numbers[row])) aside.set(row, value);
      else aside.delete(row);
    },
    at: (row) => {
      const value = numbers[row] ?? Number.NaN;
      return Number.isNaN(value) ? (aside.get(row) ?? null) : value;
    },
  };
}

/** An empty column of a type. Dynamic columns are not stored but read from the file. */
export function columnBuilder(type: Type): ColumnBuilder {
  if (type === 'datetime') return datetimeColumn();
  return type === 'int' || type === 'long' || type === 'real' ? numberColumn(type) : dictionaryColumn(type);
}
