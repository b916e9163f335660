/** How series (arrays of numbers in dynamic values) are read and written. */
import { toLong } from '../values/numbers.ts';
import { Decimal, isArray, Real, type Value } from '../values/types.ts';

/** The longest series that is answered; longer ones give null. */
const longestSeries = 100_000;

/** A series as read: null where an element is no number. */
export interface Series {
  readonly values: readonly (number | null)[];
  /** Whether all numbers are integers by type: `[1,2]` is, `[1.0,2]` is not. */
  readonly whole: boolean;
}

/** An element as number; text, times and booleans are none. */
export function element(value: Value): number | null {
  if (typeof value === 'number') return value;
  if (value instanceof Real) return value.value;
  if (typeof value === 'bigint') return Number(value);
  return value instanceof Decimal ? value.toNumber() : null;
}

/** Whether a value is an integer by type. A fraction inside of dynamic values is a plain number, `1.0` a Real. */
export const isWhole = (value: Value): boolean =>
  typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));

/** Reads an array; null for anything else and for arrays of over 100,000 elements. */
export function toSeries(value: Value): Series | null {
  if (!isArray(value) || value.length > longestSeries) return null;
  let whole = true;
  const values = value.map((item) => {
    const number = element(item);
    if (number !== null && whole && !isWhole(item)) whole = false;
    return number;
  });
  return { values, whole };
}

/** The numbers of an array where every element is a finite number; null for anything else. */
export function toFinite(value: Value): readonly number[] | null {
  const series = toSeries(value);
  if (series === null) return null;
  const { values } = series;
  return values.every((number): number is number => number !== null && Number.isFinite(number)) ? values : null;
}

/** A real as dynamic values hold it. */
export const realElement = (value: number): Value => (Number.isInteger(value) ? new Real(value) : value);

/** Reals as an array. */
export const toReals = (values: readonly (number | null)[]): readonly Value[] =>
  values.map((value) => (value === null ? null : realElement(value)));

/** Integers as an array; those that left the exact range of numbers wrap around at 64 bits. */
export const toWholes = (values: readonly (number | null)[]): readonly Value[] =>
  values.map((value) => {
    if (value === null || Number.isSafeInteger(value)) return value;
    return Number.isFinite(value) ? toLong(BigInt(Math.trunc(value))) : value;
  });
