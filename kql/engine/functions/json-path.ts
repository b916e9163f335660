/** Paths into dynamic values: `$.name`, `$['name']`, `$.list[0]`. */
import { UnsupportedError } from '../errors.ts';
import { member } from '../values/json.ts';
import type { Value } from '../values/types.ts';

const step =
  /\[\s*'((?:[^'\\]|\\.)*)'\s*\]|\[\s*"((?:[^"\\]|\\.)*)"\s*\]|\[\s*(-?\d+)\s*\]|\.?([\p{L}_$][\p{L}\p{N}_$-]*)/uy;

function toKeys(path: string): readonly (string | number)[] {
  const keys: (string | number)[] = [];
  const rest = path.startsWith('$') ? path.slice(1) : path;
  step.lastIndex = 0;
  while (step.lastIndex < rest.length) {
    const match = step.exec(rest);
    if (match === null) throw new UnsupportedError(`the JSON path ${path}`);
    const [, single, double, index, name] = match;
    keys.push(index === undefined ? (single ?? double ?? name ?? '') : Number(index));
  }
  return keys;
}

// Paths may come from data, so the cache has an end.
const cacheSize = 1000;
const known = new Map<string, readonly (string | number)[]>();

/** The keys and indices of a path. @throws UnsupportedError for wildcards, filters and other paths of several values */
export function pathKeys(path: string): readonly (string | number)[] {
  const found = known.get(path);
  if (found !== undefined) return found;
  const keys = toKeys(path);
  if (known.size >= cacheSize) known.clear();
  known.set(path, keys);
  return keys;
}

/** The value at a path; null where there is none. */
export function atPath(value: Value, path: string): Value {
  let at = value;
  for (const key of pathKeys(path)) at = member(at, key);
  return at;
}
