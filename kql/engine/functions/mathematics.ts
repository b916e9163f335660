/** Functions of numbers: powers, logarithms, angles, bits. */
import type { ScalarFunction } from '../scope.ts';
import { asReal } from '../values/convert.ts';
import { type Long, plain, toBigInt, toLong } from '../values/numbers.ts';
import { Decimal, Timespan, type Type, type Value } from '../values/types.ts';
import { binary, long, nullary, present, real, type ResultType, unary } from './define.ts';
import { newGuid, perRow } from './random.ts';

const ofReal = (body: (value: number) => number): ScalarFunction => unary(real, 'real', body);
// The engine has -Infinity for 0 and null below it, where JavaScript says NaN.
const logarithm = (body: (value: number) => number): ScalarFunction =>
  unary(real, 'real', (value) => (value < 0 ? null : body(value)));

/** The type of the first argument; an int gives a long, for -2147483648 has no counterpart. */
const widened: ResultType = ([type = 'real']: readonly Type[]) => (type === 'int' ? 'long' : type);

function absolute(value: Value): Value {
  const number = plain(value);
  if (typeof number === 'number') return Math.abs(number);
  if (typeof number === 'bigint') return toLong(number < 0n ? -number : number);
  if (number instanceof Decimal) return number.abs();
  if (number instanceof Timespan) return new Timespan(number.ticks < 0n ? -number.ticks : number.ticks);
  return null;
}

const bits = (body: (left: bigint, right: bigint) => bigint): ScalarFunction =>
  binary(long, long, 'long', (left, right) => toLong(body(toBigInt(left), toBigInt(right))));

// A shift is taken modulo 64; a negative one is null (documentation of binary_shift_left).
const shift = (body: (value: bigint, by: bigint) => bigint): ScalarFunction =>
  binary(long, long, 'long', (value, by) => (by < 0 ? null : toLong(body(toBigInt(value), toBigInt(by) & 63n))));

function countOnes(value: Long): number {
  let rest = BigInt.asUintN(64, toBigInt(value));
  let count = 0;
  for (; rest > 0n; rest &= rest - 1n) count += 1;
  return count;
}

const rand: ScalarFunction = ([bound], { scope }) => {
  const { random } = scope.run;
  if (bound === undefined) return perRow(scope, 'real', random);
  return perRow(scope, 'real', (row) => {
    const limit = asReal(bound.at(row));
    if (limit === null) return null;
    return limit > 1 ? Math.floor(random() * limit) : random();
  });
};

/** Functions of numbers. */
export const mathematics: Readonly<Record<string, ScalarFunction>> = {
  abs: unary(present, widened, absolute),
  sign: unary(real, 'real', Math.sign),
  sqrt: ofReal(Math.sqrt),
  exp: ofReal(Math.exp),
  exp2: ofReal((value) => 2 ** value),
  exp10: ofReal((value) => 10 ** value),
  log: logarithm(Math.log),
  log2: logarithm(Math.log2),
  log10: logarithm(Math.log10),
  sin: ofReal(Math.sin),
  cos: ofReal(Math.cos),
  tan: ofReal(Math.tan),
  cot: ofReal((value) => 1 / Math.tan(value)),
  asin: ofReal(Math.asin),
  acos: ofReal(Math.acos),
  atan: ofReal(Math.atan),
  atan2: binary(real, real, 'real', Math.atan2),
  degrees: ofReal((value) => (value * 180) / Math.PI),
  radians: ofReal((value) => (value * Math.PI) / 180),
  pow: binary(real, real, 'real', (base, exponent) => base ** exponent),
  pi: nullary('real', () => Math.PI),
  rand,
  new_guid: (_args, { scope }) => perRow(scope, 'guid', () => newGuid(scope.run.random)),
  binary_and: bits((left, right) => left & right),
  binary_or: bits((left, right) => left | right),
  binary_xor: bits((left, right) => left ^ right),
  binary_not: unary(long, 'long', (value) => toLong(~toBigInt(value))),
  binary_shift_left: shift((value, by) => value << by),
  binary_shift_right: shift((value, by) => value >> by),
  bitset_count_ones: unary(long, 'long', countOnes),
};
