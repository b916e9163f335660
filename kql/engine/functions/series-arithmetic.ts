/** Functions that work on series element by element. */
import type { ScalarFunction } from '../scope.ts';
import { element, isWhole, toReals, toSeries, toWholes } from '../series/elements.ts';
import { isArray, type Type, type Value } from '../values/types.ts';
import { any, unary, variadic } from './define.ts';
import { series } from './series-define.ts';

/** A series, or a number that stands for a series of it. */
interface Operand {
  readonly at: (index: number) => number | null;
  /** Undefined for a number. */
  readonly length: number | undefined;
  readonly whole: boolean;
}

function operandOf(value: Value, type: Type): Operand | null {
  if (isArray(value)) {
    const read = toSeries(value);
    return read && { at: (index) => read.values[index] ?? null, length: read.values.length, whole: read.whole };
  }
  const number = element(value);
  return number === null ? null : { at: () => number, length: undefined, whole: type !== 'real' && isWhole(value) };
}

/** Elements without a partner, and those that are no numbers, give null. */
function pairwise(
  body: (left: number, right: number) => number | boolean,
  result: 'real' | 'bool' | 'whole where both are',
): ScalarFunction {
  return variadic(any, 'dynamic', ([first = null, second = null], _site, [firstType, secondType]) => {
    const left = operandOf(first, firstType ?? 'dynamic');
    const right = operandOf(second, secondType ?? 'dynamic');
    if (left === null || right === null || (left.length === undefined && right.length === undefined)) return null;
    const length = Math.max(left.length ?? 0, right.length ?? 0);
    const truths: (boolean | null)[] = [];
    const numbers: (number | null)[] = [];
    for (let index = 0; index < length; index += 1) {
      const a = left.at(index);
      const b = right.at(index);
      const value = a === null || b === null ? null : body(a, b);
      if (result === 'bool') truths.push(value === null ? null : Boolean(value));
      else numbers.push(value === null ? null : Number(value));
    }
    if (result === 'bool') return truths;
    return result !== 'real' && left.whole && right.whole ? toWholes(numbers) : toReals(numbers);
  });
}

const toEach = (body: (value: number) => number, result: 'real' | 'whole where it is'): ScalarFunction =>
  unary(series, 'dynamic', ({ values, whole }) => {
    const numbers = values.map((value) => (value === null ? null : body(value)));
    return result !== 'real' && whole ? toWholes(numbers) : toReals(numbers);
  });

export const seriesArithmetic: Readonly<Record<string, ScalarFunction>> = {
  series_add: pairwise((a, b) => a + b, 'whole where both are'),
  series_subtract: pairwise((a, b) => a - b, 'whole where both are'),
  series_multiply: pairwise((a, b) => a * b, 'whole where both are'),
  series_divide: pairwise((a, b) => a / b, 'real'),
  series_pow: pairwise((a, b) => a ** b, 'real'),
  series_greater: pairwise((a, b) => a > b, 'bool'),
  series_greater_equals: pairwise((a, b) => a >= b, 'bool'),
  series_less: pairwise((a, b) => a < b, 'bool'),
  series_less_equals: pairwise((a, b) => a <= b, 'bool'),
  series_equals: pairwise((a, b) => a === b, 'bool'),
  series_not_equals: pairwise((a, b) => a !== b, 'bool'),
  series_abs: toEach(Math.abs, 'whole where it is'),
  series_sign: toEach(Math.sign, 'whole where it is'),
  series_ceiling: toEach(Math.ceil, 'whole where it is'),
  series_floor: toEach(Math.floor, 'whole where it is'),
  series_exp: toEach(Math.exp, 'real'),
  series_log: toEach(Math.log, 'real'),
  series_sin: toEach(Math.sin, 'real'),
  series_cos: toEach(Math.cos, 'real'),
  series_tan: toEach(Math.tan, 'real'),
  series_asin: toEach(Math.asin, 'real'),
  series_acos: toEach(Math.acos, 'real'),
  series_atan: toEach(Math.atan, 'real'),
};
