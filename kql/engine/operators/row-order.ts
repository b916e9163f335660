/** Orders of rows by keys, and the first rows of such an order. */
import { KqlError } from '../errors.ts';
import type { Syntax } from '../language/syntax.ts';
import type { Cells } from '../relation.ts';
import type { Run, Scope } from '../scope.ts';
import { compare } from '../values/order.ts';
import { Datetime, Timespan, type Value } from '../values/types.ts';

/** Negative where the first row stands before the second, positive where it stands after it; 0 for the same row only. */
export type RowOrder = (left: number, right: number) => number;

type Comparison = (left: number, right: number) => number;

const toNumber = (value: Value): number | bigint | undefined => {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (value instanceof Datetime || value instanceof Timespan) return value.ticks;
  return typeof value === 'boolean' ? Number(value) : undefined;
};

const isNumber = (value: number | bigint | undefined): value is number | bigint => value !== undefined;
const isString = (value: Value): value is string => typeof value === 'string';

/** Compares values by row, null and NaN left out: they stand as 0. */
function compareValues(values: readonly Value[]): Comparison {
  if (values.every(isString))
    return (left, right) => {
      const first = values[left] ?? '';
      const second = values[right] ?? '';
      return Number(first > second) - Number(first < second);
    };
  const numbers = values.map(toNumber);
  if (numbers.every(isNumber))
    return (left, right) => {
      const first = numbers[left] ?? 0;
      const second = numbers[right] ?? 0;
      return Number(first > second) - Number(first < second);
    };
  return (left, right) => compare(values[left] ?? null, values[right] ?? null);
}

const NAN = 1;
const NULL = 2;

function keyOrder({ type, at }: Cells, ordering: string, { relation: { length }, run }: Scope): Comparison {
  const values: Value[] = [];
  // Null and NaN stay together at one end, null outermost, whichever way the values run.
  const edges = new Uint8Array(length);
  for (let row = 0; row < length; row += 1) {
    run.budget.visit();
    const value = at(row);
    const isNaN = Number.isNaN(value);
    if (value === null) edges[row] = NULL;
    if (isNaN) edges[row] = NAN;
    values.push(value === null || isNaN ? (type === 'string' || type === 'guid' ? '' : 0) : value);
  }
  const direction = ordering.startsWith('asc') ? 1 : -1;
  const isNullsFirst = /nulls\s+first/.test(ordering) || (direction === 1 && !/nulls\s+last/.test(ordering));
  const outward = isNullsFirst ? -1 : 1;
  const byValue = compareValues(values);
  return (left, right) => {
    const edge = (edges[left] ?? 0) - (edges[right] ?? 0);
    return edge === 0 ? direction * byValue(left, right) : outward * edge;
  };
}

/** The order that `by` clauses of `sort` and `top` ask for; equal rows stay in their order. Reads all keys at once. */
export function rowOrder(keys: readonly Syntax[], scope: Scope): RowOrder {
  const orders = keys.map((key) => {
    const isOrdered = key.kind === 'OrderedExpression';
    const cells = scope.scalar(isOrdered ? key.child('Expression') : key);
    if (cells.type === 'dynamic')
      throw new KqlError(`cannot sort by ${key.text}, which is dynamic: convert it, as with tostring()`, {
        code: 'runtime',
        position: key.position,
      });
    return keyOrder(cells, isOrdered ? key.child('Ordering').text : 'desc', scope);
  });
  const [only, ...more] = orders;
  if (only !== undefined && more.length === 0) return (left, right) => only(left, right) || left - right;
  return (left, right) => {
    for (const order of orders) {
      const sign = order(left, right);
      if (sign !== 0) return sign;
    }
    return left - right;
  };
}

/** All rows in order. */
export function orderedRows(order: RowOrder, length: number, { budget }: Run): Uint32Array {
  budget.keep(length);
  return Uint32Array.from({ length }, (_, row) => row).sort(order);
}

// Sorting a few batches is cheaper than many small ones.
const SMALLEST_BATCH = 1024;

/** The first rows in order. Keeps a few times `count` rows, and sorts those only. */
export function firstOrderedRows(order: RowOrder, length: number, count: number, run: Run): Uint32Array {
  if (count === 0) return new Uint32Array();
  const batch = Math.max(2 * count, SMALLEST_BATCH);
  if (batch >= length) return orderedRows(order, length, run).slice(0, count);
  const kept: number[] = [];
  let last: number | undefined;
  for (let row = 0; row < length; row += 1) {
    run.budget.visit();
    if (last !== undefined && order(row, last) > 0) continue;
    kept.push(row);
    if (kept.length < batch) continue;
    kept.sort(order).splice(count);
    last = kept.at(-1);
  }
  run.budget.keep(count);
  return Uint32Array.from(kept.sort(order).slice(0, count));
}
