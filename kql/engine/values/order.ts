/** One total order over all values, and keys for equality. */
import { formatJson } from './json.ts';
import { isNumber, plain } from './numbers.ts';
import { Datetime, Decimal, Timespan, type Value } from './types.ts';

function rank(value: Value): number {
  if (typeof value === 'boolean') return 1;
  if (isNumber(value)) return 2;
  if (value instanceof Datetime) return 3;
  if (value instanceof Timespan) return 4;
  return typeof value === 'string' ? 5 : 6;
}

const sign = <T extends number | bigint | string>(left: T, right: T): number => {
  if (left < right) return -1;
  return left > right ? 1 : 0;
};

function compareNumbers(left: number | bigint, right: number | bigint): number {
  // NaN comes before all numbers, after null.
  if (Number.isNaN(left)) return Number.isNaN(right) ? 0 : -1;
  if (Number.isNaN(right)) return 1;
  if (left < right) return -1;
  return left > right ? 1 : 0;
}

/** Negative, 0 or positive. Null is smallest; values of different kinds keep a fixed order; strings compare ordinally. */
export function compare(first: Value, second: Value): number {
  if (first === null || second === null) return first === second ? 0 : first === null ? -1 : 1;
  const left = plain(first);
  const right = plain(second);
  if (typeof left === 'string' && typeof right === 'string') return sign(left, right);
  if (
    (typeof left === 'number' || typeof left === 'bigint') &&
    (typeof right === 'number' || typeof right === 'bigint')
  )
    return compareNumbers(left, right);
  if (left instanceof Datetime && right instanceof Datetime) return sign(left.ticks, right.ticks);
  if (left instanceof Timespan && right instanceof Timespan) return sign(left.ticks, right.ticks);
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  if (isNumber(left) && isNumber(right)) return compareDecimals(left, right);
  const byKind = rank(left) - rank(right);
  return byKind === 0 ? sign(formatJson(left), formatJson(right)) : byKind;
}

function compareDecimals(left: Value, right: Value): number {
  const exact = (value: Value): Decimal =>
    value instanceof Decimal
      ? value
      : new Decimal(typeof value === 'bigint' || typeof value === 'number' ? String(value) : 0);
  return exact(left).comparedTo(exact(right));
}

/** A text that equal values share and different values do not: the key of groups, joins and sets. */
export function keyOf(value: Value): string {
  if (value === null) return 'n';
  if (typeof value === 'string') return `s${value}`;
  if (typeof value === 'number' || typeof value === 'bigint') return `d${value}`;
  if (typeof value === 'boolean') return value ? 'b1' : 'b0';
  const flat = plain(value);
  if (typeof flat === 'number') return `d${flat}`;
  if (value instanceof Datetime) return `t${value.ticks}`;
  if (value instanceof Timespan) return `i${value.ticks}`;
  if (value instanceof Decimal) return `d${value.toString()}`;
  return `j${formatJson(value)}`;
}

/** One key for several values: no two different lists share it. */
export function keyOfAll(values: readonly Value[]): string {
  const [first] = values;
  if (values.length === 1 && first !== undefined) return keyOf(first);
  let key = '';
  for (const value of values) {
    const part = keyOf(value);
    key += `${part.length}:${part}`;
  }
  return key;
}
