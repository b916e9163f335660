/** Functions of arrays as sets: no element twice, in the order of first sight. */
import type { ScalarFunction } from '../scope.ts';
import { keyOf } from '../values/order.ts';
import type { Value } from '../values/types.ts';
import { any, array, binary, variadic } from './define.ts';

type Values = readonly Value[];

const keysOf = (values: Values): ReadonlySet<string> => new Set(values.map(keyOf));

function distinct(values: Values): Values {
  const seen = new Map<string, Value>();
  for (const value of values) {
    const key = keyOf(value);
    if (!seen.has(key)) seen.set(key, value);
  }
  return [...seen.values()];
}

function intersection([first = [], ...others]: readonly Values[]): Values {
  const keys = others.map(keysOf);
  return distinct(first).filter((value) => keys.every((known) => known.has(keyOf(value))));
}

function difference([first = [], ...others]: readonly Values[]): Values {
  const known = keysOf(others.flat());
  return distinct(first).filter((value) => !known.has(keyOf(value)));
}

function isEqual(left: Values, right: Values): boolean {
  const [first, second] = [keysOf(left), keysOf(right)];
  return first.size === second.size && first.isSubsetOf(second);
}

/** Common elements over all elements; NaN for two empty arrays. */
function jaccard(left: Values, right: Values): number {
  const [first, second] = [keysOf(left), keysOf(right)];
  const common = first.intersection(second).size;
  return common / (first.size + second.size - common);
}

/** Functions of arrays as sets. */
export const sets: Readonly<Record<string, ScalarFunction>> = {
  set_union: variadic(array, 'dynamic', (all) => distinct(all.flat())),
  set_intersect: variadic(array, 'dynamic', intersection),
  set_difference: variadic(array, 'dynamic', difference),
  set_has_element: binary(array, any, 'bool', (values, wanted) => {
    const key = keyOf(wanted);
    return values.some((value) => keyOf(value) === key);
  }),
  set_equals: binary(array, array, 'bool', isEqual),
  jaccard_index: binary(array, array, 'real', jaccard),
};
