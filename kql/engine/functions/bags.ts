/** Functions of bags (JSON objects). */
import type { ScalarFunction } from '../scope.ts';
import { asString } from '../values/convert.ts';
import { toBag } from '../values/json.ts';
import { type Bag, isArray, isBag, type Value } from '../values/types.ts';
import { any, array, bag, binary, pure, ternary, text, unary, variadic } from './define.ts';
import { dynamicAt } from './dynamic-values.ts';
import { atPath, pathKeys } from './json-path.ts';

/** The keys of `$.a.b` or `$['a']`; a text without `$` is one key itself. */
function keysOf(path: string): readonly string[] {
  if (!path.startsWith('$')) return [path];
  return pathKeys(path).map(String);
}

const hasKey = (value: Bag, path: string): boolean =>
  path.startsWith('$') ? atPath(value, path) !== null : Object.hasOwn(value, path);

function without(value: Bag, [key, ...rest]: readonly string[]): Bag {
  if (key === undefined || !Object.hasOwn(value, key)) return value;
  if (rest.length === 0) return toBag(Object.entries(value).filter(([name]) => name !== key));
  const inner = value[key] ?? null;
  return isBag(inner) ? { ...value, [key]: without(inner, rest) } : value;
}

function withKey(value: Bag, [key, ...rest]: readonly string[], item: Value): Bag {
  if (key === undefined) return value;
  const inner = Object.hasOwn(value, key) ? (value[key] ?? null) : null;
  const next = rest.length === 0 ? item : withKey(isBag(inner) ? inner : {}, rest, item);
  return toBag([...Object.entries(value), [key, next]]);
}

/** Earlier bags win; what is no bag is passed over. */
function merge(values: readonly Value[]): Bag {
  const merged = new Map<string, Value>();
  for (const value of values)
    if (isBag(value)) for (const [key, item] of Object.entries(value)) if (!merged.has(key)) merged.set(key, item);
  return toBag(merged);
}

/** Keys that are no text are passed over; keys without a value get null. */
function zipped(keys: readonly Value[], values: Value): Bag {
  const pairs: [string, Value][] = [];
  for (const [index, key] of keys.entries())
    if (typeof key === 'string') pairs.push([key, isArray(values) ? (values[index] ?? null) : null]);
  return toBag(pairs);
}

/** All paths of a value, as `['a']['b']`; elements of arrays share `[0]`. */
function paths(value: Value): readonly string[] {
  const found = new Set<string>();
  const walk = (at: Value, path: string): void => {
    if (isBag(at))
      for (const [key, item] of Object.entries(at)) {
        found.add(`${path}['${key}']`);
        walk(item, `${path}['${key}']`);
      }
    else if (isArray(at)) {
      if (at.length > 0) found.add(`${path}[0]`);
      for (const item of at) walk(item, `${path}[0]`);
    }
  };
  walk(value, '');
  return [...found];
}

const pack: ScalarFunction = (args) => {
  const readers = args.map((cells, index) => (index % 2 === 1 ? dynamicAt(cells) : cells.at));
  return pure(args, 'dynamic', (row) => {
    const pairs: [string, Value][] = [];
    for (let index = 0; index + 1 < readers.length; index += 2)
      pairs.push([asString(readers[index]?.(row) ?? null, args[index]?.type), readers[index + 1]?.(row) ?? null]);
    return toBag(pairs);
  });
};

/** Functions of bags. */
export const bags: Readonly<Record<string, ScalarFunction>> = {
  bag_pack: pack,
  pack,
  pack_dictionary: pack,
  bag_keys: unary(bag, 'dynamic', (value) => Object.keys(value)),
  bag_has_key: binary(bag, text, 'bool', hasKey),
  bag_merge: variadic(any, 'dynamic', merge),
  bag_remove_keys: binary(bag, array, 'dynamic', (value, keys) => {
    let rest = value;
    for (const key of keys) rest = without(rest, keysOf(asString(key)));
    return rest;
  }),
  bag_set_key: ternary(bag, text, any, 'dynamic', (value, path, item) => withKey(value, keysOf(path), item)),
  bag_zip: binary(array, any, 'dynamic', zipped),
  treepath: unary(any, 'dynamic', (value) => (value === null ? null : paths(value))),
};
