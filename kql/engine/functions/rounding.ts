/** Rounding: `round`, `ceiling`, and `bin` with its relatives. */
import type { Cells } from '../relation.ts';
import type { ScalarFunction } from '../scope.ts';
import { toDatetime } from '../values/calendar.ts';
import { asDecimal } from '../values/convert.ts';
import { isInteger, plain, toBigInt, toLong, toNumber } from '../values/numbers.ts';
import { Datetime, Decimal, Timespan, type Type, type Value } from '../values/types.ts';
import { binary, integer, optional, present, type ResultType, ternary, unary } from './define.ts';
import { floorTicks } from './longs.ts';

/** Halves away from zero, as the engine does; JavaScript rounds -2.5 to -2. */
function roundReal(value: number, digits: number): number {
  const factor = 10 ** digits;
  const scaled = value * factor;
  if (!Number.isFinite(scaled)) return value;
  return (Math.sign(scaled) * Math.round(Math.abs(scaled))) / factor;
}

function round(value: Value, digits: number): Value {
  if (!(value instanceof Decimal)) return roundReal(toNumber(value), digits);
  const factor = new Decimal(10).pow(digits);
  return value.times(factor).toDecimalPlaces(0, Decimal.ROUND_HALF_UP).div(factor);
}

// Measured: ceiling(0) is real, against what the binder says.
const toRounded: ResultType = ([type]: readonly Type[]) => (type === 'decimal' ? 'decimal' : 'real');

function ceiling(value: Value): Value {
  const number = plain(value);
  if (number instanceof Decimal) return number.ceil();
  return Math.ceil(toNumber(number));
}

/** The type of `bin`: the first argument's, but a real or decimal step makes it that. */
function binType([value = 'real', step = value]: readonly Type[]): Type {
  if (value === 'datetime' || value === 'timespan' || value === 'dynamic') return value;
  if (value === 'decimal' || step === 'decimal') return 'decimal';
  if (value === 'real' || step === 'real') return 'real';
  return value === 'int' && step === 'long' ? 'long' : value;
}

const ticksOf = (value: Value): bigint =>
  value instanceof Timespan || value instanceof Datetime ? value.ticks : BigInt(Math.trunc(toNumber(value)));

/** Bins from a start. A step of 0 has none; the sign of others does not count for integers. */
function binNumber(value: Value, step: Value, start: Value, isReal: boolean): Value {
  const size = toNumber(step);
  if (size === 0) return null;
  if (isReal || !isInteger(value) || !isInteger(step) || !isInteger(start)) {
    const origin = toNumber(start);
    return Math.floor((toNumber(value) - origin) / size) * size + origin;
  }
  // The remainder is exact where the quotient of large integers would be rounded.
  const offset = Number(value) - Number(start);
  const rest = offset % size;
  const floor = Number(value) - (rest < 0 ? rest + Math.abs(size) : rest);
  if ([value, step, start, offset, floor].every(Number.isSafeInteger)) return floor + 0; // No -0.
  const [origin, width] = [toBigInt(start), toBigInt(step)];
  return toLong(floorTicks(toBigInt(value) - origin, width < 0n ? -width : width) + origin);
}

function binDecimal(value: Value, step: Value): Value {
  const number = asDecimal(value);
  const size = asDecimal(step);
  if (number === null || size === null || size.isZero()) return null;
  return number.div(size).floor().times(size);
}

function binTicks(value: Datetime | Timespan, step: Value, start: bigint): Value {
  const size = ticksOf(step);
  if (size <= 0n) return null;
  const ticks = floorTicks(value.ticks - start, size) + start;
  return value instanceof Datetime ? toDatetime(ticks) : new Timespan(ticks);
}

const bin: ScalarFunction = (args, site) => {
  const type = binType(args.map((cells: Cells) => cells.type));
  const body = (value: Value, step: Value): Value => {
    if (value instanceof Datetime || value instanceof Timespan) return binTicks(value, step, 0n);
    return type === 'decimal' ? binDecimal(value, step) : binNumber(plain(value), plain(step), 0, type === 'real');
  };
  return binary(present, present, type, body)(args, site);
};

function binAt(value: Value, step: Value, start: Value, type: Type): Value {
  if (value instanceof Datetime || value instanceof Timespan) return binTicks(value, step, ticksOf(start));
  if (value instanceof Decimal || step instanceof Decimal || start instanceof Decimal) {
    const origin = asDecimal(start);
    const offset = origin === null ? null : asDecimal(value)?.minus(origin);
    const floor = binDecimal(offset ?? null, step);
    return floor instanceof Decimal && origin !== null ? floor.plus(origin) : null;
  }
  return binNumber(plain(value), plain(step), plain(start), type === 'real');
}

const binFrom: ScalarFunction = (args, site) => {
  const type = binType(args.map((cells: Cells) => cells.type));
  return ternary(present, present, present, type, (value, step, start) => binAt(value, step, start, type))(args, site);
};

/** Functions that round. `bin_auto` depends on properties of the request and is not among them. */
export const rounding: Readonly<Record<string, ScalarFunction>> = {
  round: binary(present, optional(integer, 0), toRounded, round),
  ceiling: unary(present, toRounded, ceiling),
  bin,
  floor: bin,
  bin_at: binFrom,
};
