/** Rounding: `round`, `ceiling`, and `bin` with its relatives. */
import type { Cells } from '../relation.ts';
import type { ScalarFunction } from '../scope.ts';
import { toDatetime } from '../values/calendar.ts';
import { asDecimal } from '../values/convert.ts';
import { plain, toBigInt, toLong, toNumber } from '../values/numbers.ts';
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

function binNumber(value: Value, step: Value, isReal: boolean): Value {
  if (typeof value === 'bigint' || typeof step === 'bigint') {
    const size = toBigInt(typeof step === 'bigint' ? step : toNumber(step));
    if (size <= 0n || isReal) return isReal ? Math.floor(toNumber(value) / toNumber(step)) * toNumber(step) : null;
    return toLong(floorTicks(toBigInt(typeof value === 'bigint' ? value : toNumber(value)), size));
  }
  const size = toNumber(step);
  const number = toNumber(value);
  if (size === 0) return null;
  if (isReal || !Number.isInteger(number) || !Number.isInteger(size)) return Math.floor(number / size) * size;
  // The remainder is exact where the quotient of large integers would be rounded; + 0 turns -0 into 0.
  const rest = number % size;
  return number - (rest < 0 ? rest + Math.abs(size) : rest) + 0;
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
    return type === 'decimal' ? binDecimal(value, step) : binNumber(plain(value), plain(step), type === 'real');
  };
  return binary(present, present, type, body)(args, site);
};

function binAt(value: Value, step: Value, start: Value): Value {
  if (value instanceof Datetime || value instanceof Timespan) return binTicks(value, step, ticksOf(start));
  if (value instanceof Decimal || step instanceof Decimal || start instanceof Decimal) {
    const origin = asDecimal(start);
    const offset = origin === null ? null : asDecimal(value)?.minus(origin);
    const floor = binDecimal(offset ?? null, step);
    return floor instanceof Decimal && origin !== null ? floor.plus(origin) : null;
  }
  const size = toNumber(step);
  const origin = toNumber(start);
  return size === 0 ? null : Math.floor((toNumber(value) - origin) / size) * size + origin;
}

/** Functions that round. `bin_auto` depends on properties of the request and is not among them. */
export const rounding: Readonly<Record<string, ScalarFunction>> = {
  round: binary(present, optional(integer, 0), toRounded, round),
  ceiling: unary(present, toRounded, ceiling),
  bin,
  floor: bin,
  bin_at: ternary(present, present, present, binType, binAt),
};
