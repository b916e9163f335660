/** Numbers: 64-bit integers with wrap-around, and how reals print. */
import { Datetime, Decimal, Real, Timespan, type Value } from './types.ts';

/** A 64-bit integer: a number where that is exact, else a bigint. */
export type Long = number | bigint;

/** Wraps around at 64 bits and takes the smaller form. */
export function toLong(value: bigint): Long {
  const wrapped = BigInt.asIntN(64, value);
  return wrapped >= -9_007_199_254_740_991n && wrapped <= 9_007_199_254_740_991n ? Number(wrapped) : wrapped;
}

/** An integer as bigint; fractions are cut. */
export const toBigInt = (value: Long): bigint => (typeof value === 'bigint' ? value : BigInt(Math.trunc(value)));

/** Whether a value is a number of any kind, decimals and reals of dynamic values included. */
export const isNumber = (value: Value): value is number | bigint | Real | Decimal =>
  typeof value === 'number' || typeof value === 'bigint' || value instanceof Real || value instanceof Decimal;

/** A real of a dynamic value as a number; all others as they are. */
export const plain = (value: Value): Value => (value instanceof Real ? value.value : value);

/** The value as a JavaScript number: ticks for times, 0 and 1 for booleans, NaN for what is none. */
export function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
  if (value instanceof Real) return value.value;
  if (value instanceof Decimal) return value.toNumber();
  if (value instanceof Datetime || value instanceof Timespan) return Number(value.ticks);
  return Number.NaN;
}

/** A real as Kusto prints it: `1.0`, `0.1`, `1E-05`, `1E+20`, `NaN`, `Infinity`. */
export function formatReal(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  // -0 prints its sign in .NET; toFixed drops it.
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e15) return value.toFixed(1);
  const scientific = size < 1e-4 || size >= 1e15;
  if (!scientific) return String(value);
  return value
    .toExponential()
    .replace(/e([+-])(\d+)$/, (_, sign: string, digits: string) => `E${sign}${digits.padStart(2, '0')}`);
}
