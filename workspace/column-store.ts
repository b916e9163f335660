/** Columns in memory: typed arrays and dictionaries instead of one object per cell. */
import { fromJson } from '../kql/engine/json-rows.ts';
import type { Cell } from '../kql/engine/relation.ts';
import { unixEpoch } from '../kql/engine/values/calendar.ts';
import { parseDatetime } from '../kql/engine/values/datetime.ts';
import { parseJson } from '../kql/engine/values/json.ts';
import { Datetime, defaultOf, type Type, type Value } from '../kql/engine/values/types.ts';

/** A column that is being filled row by row from the bytes of JSON values. */
export interface ColumnBuilder {
  /** The value of a row; rows that are never set are null. */
  readonly set: (row: number, bytes: Buffer, start: number, end: number) => void;
  readonly at: Cell;
}

type TypedArray = Float64Array | Uint32Array | Uint8Array | BigInt64Array;

/** Room for a row and twice what there was; new places hold 0. */
function grown<A extends TypedArray>(array: A, row: number, make: (length: number) => A): A {
  if (row < array.length) return array;
  const larger = make(Math.max(1024, 2 * row));
  // A typed array sets from one of its own kind; the compiler cannot see that both are A.
  if (larger instanceof BigInt64Array && array instanceof BigInt64Array) larger.set(array);
  else if (!(larger instanceof BigInt64Array) && !(array instanceof BigInt64Array)) larger.set(array);
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

function datetimeColumn(): ColumnBuilder {
  // Ticks since 1970, so that 0 can be null's: the first tick of 1970 is moved by one, which no audit event can notice.
  let ticks = new BigInt64Array(0);
  return {
    set: (row, bytes, start, end) => {
      const text = plainText(bytes, start, end);
      const value = text === undefined ? null : parseDatetime(text);
      if (value === null) return;
      ticks = grown(ticks, row, (length) => new BigInt64Array(length));
      const since1970 = value.ticks - unixEpoch;
      ticks[row] = since1970 === 0n ? 1n : since1970;
    },
    at: (row) => {
      const since1970 = ticks[row] ?? 0n;
      return since1970 === 0n ? null : new Datetime(since1970 + unixEpoch);
    },
  };
}

/** Numbers that a double holds; NaN is null, which JSON cannot carry. Larger integers lie aside. */
function numberColumn(type: Type): ColumnBuilder {
  let numbers = new Float64Array(0);
  const large = new Map<number, Value>();
  return {
    set: (row, bytes, start, end) => {
      const value = toCell(bytes.toString('latin1', start, end), type);
      if (value === null) return;
      const previous = numbers.length;
      numbers = grown(numbers, row, (length) => new Float64Array(length));
      if (numbers.length > previous) numbers.fill(Number.NaN, previous);
      if (typeof value === 'number') numbers[row] = value;
      else large.set(row, value);
    },
    at: (row) => {
      const value = numbers[row] ?? Number.NaN;
      return Number.isNaN(value) ? (large.get(row) ?? null) : value;
    },
  };
}

/** An empty column of a type. Dynamic columns are not stored but read from the file. */
export function columnBuilder(type: Type): ColumnBuilder {
  if (type === 'datetime') return datetimeColumn();
  return type === 'int' || type === 'long' || type === 'real' ? numberColumn(type) : dictionaryColumn(type);
}
