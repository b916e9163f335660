/** Dynamic values as JSON text. */
import { formatDatetime } from './datetime.ts';
import { formatReal, toLong } from './numbers.ts';
import { formatTimespan } from './timespan.ts';
import { type Bag, Datetime, Decimal, isArray, isBag, Real, Timespan, type Value } from './types.ts';

// A fraction, an exponent or over 15 digits: what the built-in parser would turn into something else
// (1.0 into 1, 9007199254740993 into 9007199254740992). Inside of strings it costs time, not truth.
const needsCare = /\d[.eE]|\d{16}/;

/**
 * Reads JSON and keeps what JavaScript's numbers would lose: `1.0` is a Real, large integers are exact.
 * @throws SyntaxError for anything that is not JSON.
 */
export function parseJson(text: string): Value {
  if (!needsCare.test(text)) {
    const value: Value = JSON.parse(text);
    return value;
  }
  const value: Value = JSON.parse(text, (_key, parsed: Value, context?: { readonly source?: string }) => {
    if (typeof parsed !== 'number') return parsed;
    const source = context?.source ?? '';
    if (/[.eE]/.test(source)) return Number.isInteger(parsed) ? new Real(parsed) : parsed;
    return Number.isSafeInteger(parsed) ? parsed : exactInteger(source, parsed);
  });
  return value;
}

/** Integers beyond 64 bits become reals, as the engine reads them. */
function exactInteger(source: string, parsed: number): Value {
  const exact = BigInt(source);
  return BigInt.asIntN(64, exact) === exact ? toLong(exact) : new Real(parsed);
}

/** Whether the built-in printer prints a value as Kusto does: it is five times as fast. */
function isPlainJson(value: Value): boolean {
  if (typeof value === 'number') return Number.isInteger(value);
  if (typeof value !== 'object' || value === null) return typeof value !== 'bigint';
  if (isArray(value)) return value.every(isPlainJson);
  // Classes print in their own ways.
  if (!isBag(value) || Object.getPrototypeOf(value) !== Object.prototype) return false;
  for (const key in value) if (!isPlainJson(value[key] ?? null)) return false;
  return true;
}

/** JSON as Kusto prints it: no blanks, `1.0` stays `1.0`, non-finite numbers as text. */
export const formatJson = (value: Value): string => (isPlainJson(value) ? JSON.stringify(value) : formatParts(value));

function formatParts(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return JSON.stringify(String(value));
    return Number.isInteger(value) ? String(value) : formatReal(value);
  }
  if (value instanceof Real)
    return Number.isFinite(value.value) ? formatReal(value.value) : JSON.stringify(String(value.value));
  if (value instanceof Datetime) return `"${formatDatetime(value)}"`;
  if (value instanceof Timespan) return `"${formatTimespan(value)}"`;
  if (value instanceof Decimal) return JSON.stringify(value.toFixed());
  if (isArray(value)) return `[${value.map(formatParts).join(',')}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}:${formatParts(item)}`)
    .join(',')}}`;
}

/** A bag from pairs; a key that comes again keeps its place and takes the later value. `__proto__` is a key like others. */
export function toBag(pairs: Iterable<readonly [string, Value]>): Bag {
  return Object.fromEntries(pairs);
}

/** A bag's or array's member; null where there is none. A negative index counts from the end. */
export function member(value: Value, key: Value): Value {
  if (typeof value !== 'object' || value === null) return null;
  if (isArray(value)) {
    const index = key instanceof Real ? key.value : key;
    if (typeof index !== 'number' || !Number.isInteger(index)) return null;
    return value[index < 0 ? value.length + index : index] ?? null;
  }
  if (typeof key !== 'string' || value instanceof Datetime || value instanceof Timespan) return null;
  if (value instanceof Real || value instanceof Decimal || !Object.hasOwn(value, key)) return null;
  return value[key] ?? null;
}
