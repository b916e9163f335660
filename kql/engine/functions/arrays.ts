/** Functions of arrays. */
import { KqlError } from '../errors.ts';
import type { ScalarFunction, Site } from '../scope.ts';
import { asBool } from '../values/convert.ts';
import { isInteger, isNumber, toBigInt, toLong, toNumber } from '../values/numbers.ts';
import { keyOf } from '../values/order.ts';
import { Datetime, Decimal, isArray, Real, Timespan, type Type, type Value } from '../values/types.ts';
import { any, array, binary, integer, present, pure, ternary, unary, variadic } from './define.ts';
import { dynamicAt, toDynamic } from './dynamic-values.ts';
import { sortAscending, sortDescending } from './array-order.ts';

/** The most elements that `range` gives (documentation of range()). */
const mostElements = 1_048_576;

/** Null where an element is no number; nulls count nothing. */
function sum(values: readonly Value[]): number | null {
  if (values.length === 0) return null;
  let total = 0;
  for (const value of values) {
    if (value === null) continue;
    if (!isNumber(value)) return null;
    total += toNumber(value);
  }
  return total;
}

const fromEnd = (index: number, length: number): number => (index < 0 ? index + length : index);

function slice(values: readonly Value[], first: number, last: number): readonly Value[] {
  return values.slice(Math.max(0, fromEnd(first, values.length)), Math.max(0, fromEnd(last, values.length) + 1));
}

function split(values: readonly Value[], at: Value): Value {
  const indices = (isArray(at) ? at : [at]).map((index) => fromEnd(toNumber(index), values.length));
  const parts: Value[] = [];
  let from = 0;
  for (const index of indices.toSorted((left, right) => left - right)) {
    const to = Math.max(from, Math.min(index, values.length));
    parts.push(values.slice(from, to));
    from = to;
  }
  return [...parts, values.slice(from)];
}

function rotate(values: readonly Value[], by: number): readonly Value[] {
  if (values.length === 0) return values;
  const start = ((by % values.length) + values.length) % values.length;
  return [...values.slice(start), ...values.slice(0, start)];
}

/** Moves elements; `array_shift_*` fills with null where no filling is given. */
const shift =
  (direction: 1 | -1): ScalarFunction =>
  (args, site) => {
    const filling = args[2] === undefined ? () => null : dynamicAt(args[2]);
    const move = (values: readonly Value[], by: number, fill: Value): readonly Value[] =>
      values.map((_, index) => {
        const from = index + by * direction;
        return from >= 0 && from < values.length ? (values[from] ?? null) : fill;
      });
    const [first, second] = args;
    if (first === undefined || second === undefined)
      throw new KqlError(`${site.name}: needs an array and a number`, { code: 'runtime' });
    const values = array.reader(first, site);
    const by = integer.reader(second, site);
    return pure(args, 'dynamic', (row) => {
      const [of, distance] = [values(row), by(row)];
      return of === undefined || distance === undefined ? null : move(of, distance, filling(row));
    });
  };

function indexOf(args: readonly Value[], _site: Site, types: readonly Type[]): Value {
  const [values = null, wanted = null, start = 0, length = -1, occurrence = 1] = args;
  if (!isArray(values)) return null;
  const key = keyOf(toDynamic(wanted, types[1] ?? 'dynamic'));
  const from = Math.max(0, fromEnd(toNumber(start), values.length));
  const count = toNumber(length);
  const end = count < 0 ? values.length : Math.min(values.length, from + count);
  let left = toNumber(occurrence);
  for (let index = from; index < end; index += 1)
    if (keyOf(values[index] ?? null) === key) {
      left -= 1;
      if (left === 0) return index;
    }
  return -1;
}

/** Chooses per element; an element that is no bool gives null. */
const arrayIff: ScalarFunction = (args, site) =>
  variadic(any, 'dynamic', (values, _site, types) => {
    const [conditions = null, yes = null, no = null] = values;
    if (!isArray(conditions)) return null;
    const pick = (branch: Value, index: number, type: Type | undefined): Value =>
      isArray(branch) ? (branch[index] ?? null) : toDynamic(branch, type ?? 'dynamic');
    return conditions.map((condition, index) => {
      const holds = condition === null ? null : asBool(condition);
      if (holds === null) return null;
      return holds ? pick(yes, index, types[1]) : pick(no, index, types[2]);
    });
  })(args, site);

/** Arrays side by side; what is no array is repeated. */
function zip(values: readonly Exclude<Value, null>[]): Value {
  const length = Math.max(...values.map((value) => (isArray(value) ? value.length : 1)));
  return Array.from({ length }, (_, index) =>
    values.map((value): Value => (isArray(value) ? (value[index] ?? null) : value)),
  );
}

/** A range of integers: of ticks, or of longs that doubles do not hold. */
function exactRange(first: bigint, last: bigint, step: bigint, wrap: (ticks: bigint) => Value): Value[] {
  const values: Value[] = [];
  if (step === 0n) return values;
  for (let at = first; (step > 0n ? at <= last : at >= last) && values.length < mostElements; at += step)
    values.push(wrap(at));
  return values;
}

const anHour = new Timespan(36_000_000_000n);

function range(args: readonly Value[], types: readonly Type[]): Value {
  const [first = null, last = null, given] = args;
  if (first instanceof Datetime || first instanceof Timespan) {
    const step = given ?? anHour;
    if (!(last instanceof Datetime || last instanceof Timespan) || !(step instanceof Timespan)) return null;
    const wrap =
      first instanceof Datetime ? (ticks: bigint) => new Datetime(ticks) : (ticks: bigint) => new Timespan(ticks);
    return exactRange(first.ticks, last.ticks, step.ticks, wrap);
  }
  const by = given ?? 1;
  if ([first, last, by].every(isInteger) && [first, last, by].some((value) => typeof value === 'bigint')) {
    const [from, to, step] = [first, last, by].filter(isInteger).map(toBigInt);
    return exactRange(from ?? 0n, to ?? 0n, step ?? 0n, toLong);
  }
  const start = toNumber(first);
  const end = toNumber(last);
  const step = toNumber(by);
  if (step === 0 || Number.isNaN(start + end + step)) return null;
  const isReal =
    types.includes('real') ||
    types.includes('decimal') ||
    args.some((value) => value instanceof Real || value instanceof Decimal);
  const values: Value[] = [];
  for (let index = 0; values.length < mostElements; index += 1) {
    const value = start + index * step;
    if (step > 0 ? value > end : value < end) break;
    values.push(isReal ? toDynamic(value, 'real') : value);
  }
  return values;
}

const arrayRange: ScalarFunction = (args, site) =>
  variadic(present, 'dynamic', (values, { scope }, types) => {
    const elements = range(values, types);
    if (isArray(elements)) scope.run.budget.keep(elements.length);
    return elements;
  })(args, site);

const repeatScalar = variadic(present, 'dynamic', ([value = '', times = 0], { scope }, [type = 'dynamic']) => {
  const length = toNumber(times);
  if (!(length >= 0) || length > mostElements) return null;
  scope.run.budget.keep(length);
  const element = toDynamic(value, type);
  return Array.from({ length: Math.trunc(length) }, () => element);
});

const repeat: ScalarFunction = (args, site) => {
  if (args[0]?.type === 'dynamic')
    throw new KqlError('repeat: a dynamic value cannot be repeated: convert it, as with tostring()', {
      code: 'runtime',
      position: site.node.position,
    });
  return repeatScalar(args, site);
};

/** Arrays of the arguments; reals stay reals. */
const packArray: ScalarFunction = (args) => {
  const readers = args.map(dynamicAt);
  return pure(args, 'dynamic', (row) => readers.map((at) => at(row)));
};

/** Functions of arrays. */
export const arrays: Readonly<Record<string, ScalarFunction>> = {
  array_length: unary(array, 'long', (values) => values.length),
  array_sum: unary(array, 'real', sum),
  array_reverse: unary(array, 'dynamic', (values) => values.toReversed()),
  array_concat: variadic(any, 'dynamic', (values) =>
    values.flatMap((value): readonly Value[] => (isArray(value) ? value : [])),
  ),
  array_slice: ternary(array, integer, integer, 'dynamic', slice),
  array_split: binary(array, present, 'dynamic', split),
  array_index_of: variadic(any, 'long', indexOf),
  array_rotate_left: binary(array, integer, 'dynamic', rotate),
  array_rotate_right: binary(array, integer, 'dynamic', (values, by) => rotate(values, -by)),
  array_shift_left: shift(1),
  array_shift_right: shift(-1),
  array_iff: arrayIff,
  array_iif: arrayIff,
  array_sort_asc: sortAscending,
  array_sort_desc: sortDescending,
  pack_array: packArray,
  zip: variadic(present, 'dynamic', zip),
  range: arrayRange,
  repeat,
};
