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

/** Whether a value is a number without a fraction. */
export const isInteger = (value: Value): value is Long => typeof value === 'bigint' || Number.isInteger(value);

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

/**
 * The digits that the engine prints: the fewest that read back as the same number, as everyone's, but of several
 * such the largest (0.1 + 0.2 is 0.30000000000000007), where JavaScript takes the nearest. Up to 15 digits there is
 * only one.
 */
function digitsOf(size: number, nearest: string): string {
  const digits = nearest.replace(/e.*$/, '').replace('.', '');
  if (digits.length < 16) return digits;
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, size);
  const word = bits.getBigUint64(0);
  const exponent = Number(word >> 52n);
  const fraction = word & 0xf_ffff_ffff_ffffn;
  // The upper end of the numbers that read back as this one: halfway to the next, times two to the power of `power`.
  const upper = 2n * (exponent === 0 ? fraction : fraction + (1n << 52n)) + 1n;
  const power = Math.max(exponent, 1) - 1076;
  const scale = digits.length - 1 - Number(/e([+-]\d+)$/.exec(nearest)?.[1] ?? 0);
  const factor = (power > 0 ? 1n << BigInt(power) : 1n) * (scale > 0 ? 10n ** BigInt(scale) : 1n);
  const divisor = (power < 0 ? 1n << BigInt(-power) : 1n) * (scale < 0 ? 10n ** BigInt(-scale) : 1n);
  // The end itself may read back as the neighbour; then the digits below it may be too few.
  const largest = (upper * factor - 1n) / divisor;
  return largest * divisor > (upper - 2n) * factor ? largest.toString() : digits;
}

/** A real as Kusto prints it: `1.0`, `0.1`, `1E-05`, `1E+20`, `NaN`, `inf`. */
export function formatReal(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  // -0 prints its sign in .NET; toFixed drops it.
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e15) return value.toFixed(1);
  const sign = value < 0 ? '-' : '';
  const shortest = String(size);
  if (size >= 1e-4 && size < 1e15 && shortest.length < 17) return sign + shortest;
  const nearest = size.toExponential();
  const digits = digitsOf(size, nearest);
  const exponent = Number(/e([+-]\d+)$/.exec(nearest)?.[1] ?? 0);
  if (size < 1e-4 || size >= 1e15) {
    const power = String(Math.abs(exponent)).padStart(2, '0');
    const rest = digits.length > 1 ? `.${digits.slice(1)}` : '';
    return `${sign}${digits.charAt(0)}${rest}E${exponent < 0 ? '-' : '+'}${power}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}
