/** Conversions between Kusto's types: `tostring`, `tolong`, …, and what a cast to a column's type does. */
import { toDatetime } from './calendar.ts';
import { formatDatetime, parseDatetime } from './datetime.ts';
import { formatJson, parseJson } from './json.ts';
import { formatReal, type Long, plain, toBigInt, toLong } from './numbers.ts';
import { formatTimespan, parseTimespan } from './timespan.ts';
import { Datetime, Decimal, Real, Timespan, type Type, type Value } from './types.ts';

/** `tostring`: '' for null. A bool prints `True`, a dynamic true `true`; a whole real `1.0`. */
export function asString(value: Value, type: Type = 'dynamic'): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return type === 'dynamic' ? String(value) : value ? 'True' : 'False';
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return type === 'real' || !Number.isInteger(value) ? formatReal(value) : String(value);
  if (value instanceof Datetime) return formatDatetime(value);
  if (value instanceof Timespan) return formatTimespan(value);
  if (value instanceof Decimal) return value.toFixed();
  const flat = plain(value);
  return typeof flat === 'number' ? formatReal(flat) : formatJson(value);
}

const largestLong = 9_223_372_036_854_775_807n;
function saturated(whole: number): bigint {
  if (whole >= 2 ** 63) return largestLong;
  return whole < -(2 ** 63) ? -largestLong - 1n : BigInt(whole);
}

/**
 * `tolong`: fractions of numbers are cut, reals out of 64 bits become the nearest long, NaN and infinities null; times
 * are their ticks. Text must be an integer: `5.7` and what 64 bits do not hold are null, `0x` and hexadecimal digits
 * wrap around.
 */
export function asLong(value: Value): Long | null {
  const flat = plain(value);
  if (typeof flat === 'number') {
    if (!Number.isFinite(flat)) return null;
    const whole = Math.trunc(flat);
    return Number.isSafeInteger(whole) ? whole : toLong(saturated(whole));
  }
  if (typeof flat === 'bigint') return flat;
  if (typeof flat === 'boolean') return Number(flat);
  if (flat instanceof Datetime || flat instanceof Timespan) return toLong(flat.ticks);
  if (flat instanceof Decimal) return asLong(flat.trunc().toFixed());
  if (typeof flat !== 'string') return null;
  const text = flat.trim();
  if (/^[-+]?\d+$/.test(text)) {
    const exact = BigInt(text.replace('+', ''));
    return BigInt.asIntN(64, exact) === exact ? toLong(exact) : null;
  }
  return /^0x[0-9a-f]+$/i.test(text) ? toLong(BigInt(text)) : null;
}

/** `toint`: longs wrap around at 32 bits, reals become the nearest int, text out of range is null. */
export function asInt(value: Value, type: Type = 'dynamic'): number | null {
  const long = asLong(value);
  if (long === null) return null;
  if (long >= -2_147_483_648 && long <= 2_147_483_647) return Number(long);
  if (type === 'real' || value instanceof Real) return long > 0 ? 2_147_483_647 : -2_147_483_648;
  return typeof value === 'string' ? null : Number(BigInt.asIntN(32, toBigInt(long)));
}

/** `toreal`. */
export function asReal(value: Value): number | null {
  const flat = plain(value);
  if (typeof flat === 'number') return flat;
  if (typeof flat === 'bigint' || typeof flat === 'boolean') return Number(flat);
  if (flat instanceof Datetime || flat instanceof Timespan) return Number(flat.ticks);
  if (flat instanceof Decimal) return flat.toNumber();
  if (typeof flat !== 'string') return null;
  const text = flat.trim();
  if (/^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text)) return Number(text);
  if (/^nan$/i.test(text)) return Number.NaN;
  // The engine reads `inf` only in lower case, and `infinity` in any.
  if (/^\+?infinity$/i.test(text) || text === 'inf' || text === '+inf') return Number.POSITIVE_INFINITY;
  return /^-infinity$/i.test(text) || text === '-inf' ? Number.NEGATIVE_INFINITY : null;
}

/** `todecimal`. */
export function asDecimal(value: Value): Decimal | null {
  const flat = plain(value);
  if (flat instanceof Decimal) return flat;
  if (typeof flat === 'bigint' || typeof flat === 'boolean')
    return new Decimal(Number(flat) === 0 ? 0 : String(flat === true ? 1 : flat));
  if (typeof flat === 'number') return Number.isFinite(flat) ? new Decimal(flat) : null;
  if (typeof flat !== 'string' || !/^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*$/i.test(flat)) return null;
  return new Decimal(flat.trim());
}

/** `tobool`: true, false and numbers, no blanks around them. */
export function asBool(value: Value): boolean | null {
  const flat = plain(value);
  if (typeof flat === 'boolean') return flat;
  if (typeof flat === 'number') return flat !== 0;
  if (typeof flat === 'bigint') return flat !== 0n;
  if (typeof flat !== 'string' || flat !== flat.trim()) return null;
  const text = flat.toLowerCase();
  if (text === 'true') return true;
  if (text === 'false') return false;
  const number = asLong(text);
  return number === null ? null : Number(number) !== 0;
}

/** `todatetime`: text, or ticks since the year 1. */
export function asDatetime(value: Value): Datetime | null {
  const flat = plain(value);
  if (flat instanceof Datetime) return flat;
  if (typeof flat === 'string') return parseDatetime(flat);
  if (typeof flat === 'number' && !Number.isFinite(flat)) return null;
  return typeof flat === 'number' || typeof flat === 'bigint' ? toDatetime(toBigInt(flat)) : null;
}

/** `totimespan`: text, or ticks. */
export function asTimespan(value: Value): Timespan | null {
  const flat = plain(value);
  if (flat instanceof Timespan) return flat;
  if (typeof flat === 'string') return parseTimespan(flat);
  if (typeof flat === 'number' && !Number.isFinite(flat)) return null;
  return typeof flat === 'number' || typeof flat === 'bigint' ? new Timespan(toBigInt(flat)) : null;
}

/** `toguid`: lower-case with hyphens. */
export function asGuid(value: Value): string | null {
  if (typeof value !== 'string') return null;
  const text = value
    .trim()
    .toLowerCase()
    .replace(/^[{(]|[)}]$/g, '');
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return text;
  const digits = text.replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/.test(digits)) return null;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** `parse_json`: text that is no JSON stays text, '' is null; other values stay as they are. */
export function asDynamic(value: Value): Value {
  if (typeof value !== 'string') return value;
  if (value === '') return null;
  try {
    return parseJson(value);
  } catch (error) {
    // Text that is nested too deep to be read is not text for that.
    if (error instanceof SyntaxError) return value;
    throw error;
  }
}

const converters: Readonly<Record<Exclude<Type, 'string'>, (value: Value, from: Type) => Value>> = {
  bool: asBool,
  int: asInt,
  long: asLong,
  real: asReal,
  decimal: asDecimal,
  datetime: asDatetime,
  timespan: asTimespan,
  guid: asGuid,
  dynamic: (value) => value,
};

/** A value as a column of the type holds it; what cannot be converted is null ('' for strings). */
export function convert(value: Value, to: Type, from: Type = 'dynamic'): Value {
  if (to === 'string') return asString(value, from);
  return value === null ? null : converters[to](value, from);
}
