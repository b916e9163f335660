/** `array_sort_asc` and `array_sort_desc`: one array alone, or several sorted by the first. */
import type { Cells, Column } from '../relation.ts';
import type { ScalarFunction } from '../scope.ts';
import { compare } from '../values/order.ts';
import { isArray, type Value } from '../values/types.ts';
import { pure } from './define.ts';

type NullsPlace = 'first' | 'last';

/** The indices of an array in its order; equal elements keep theirs. */
function orderOf(values: readonly Value[], direction: 1 | -1, nulls: NullsPlace): readonly number[] {
  const nullSign = nulls === 'last' ? 1 : -1;
  return values
    .map((_, index) => index)
    .toSorted((left, right) => {
      const first = values[left] ?? null;
      const second = values[right] ?? null;
      if (first === null || second === null) {
        if (first === second) return left - right;
        return first === null ? nullSign : -nullSign;
      }
      return compare(first, second) * direction || left - right;
    });
}

const arrange = (values: Value, order: readonly number[]): Value =>
  isArray(values) && values.length === order.length ? order.map((index) => values[index] ?? null) : null;

const sorted =
  (direction: 1 | -1): ScalarFunction =>
  (args) => {
    const arrays = args.filter(({ type }) => type === 'dynamic');
    const last = args.at(-1);
    const nulls = (row: number): NullsPlace => (last?.type === 'bool' && last.at(row) === false ? 'first' : 'last');
    const orderAt = (row: number): readonly number[] | undefined => {
      const keys = arrays[0]?.at(row) ?? null;
      return isArray(keys) ? orderOf(keys, direction, nulls(row)) : undefined;
    };
    const cells = (of: Cells): Cells =>
      pure(args, 'dynamic', (row) => {
        const order = orderAt(row);
        return order === undefined ? null : arrange(of.at(row), order);
      });
    const [first] = arrays;
    if (first === undefined) return pure(args, 'dynamic', () => null);
    if (arrays.length === 1) return cells(first);
    const tuple = arrays.map((array, index): Column => ({
      name: `array${index + 1}_sorted`,
      type: 'dynamic',
      at: cells(array).at,
    }));
    // Inside of an expression the result is an array of the sorted arrays, which `[1]` reads.
    return { ...pure(args, 'dynamic', (row) => tuple.map(({ at }) => at(row))), tuple };
  };

export const sortAscending: ScalarFunction = sorted(1);
export const sortDescending: ScalarFunction = sorted(-1);
