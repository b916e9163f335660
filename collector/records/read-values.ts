import type { Json } from '../schema/index.ts';
import { isJsonObject, type JsonObject } from './json-value.ts';

/** A scalar as text; null for null, empty and anything that is no scalar. */
export function textOf(value: Json | undefined): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/** A whole number that fits an int column, also from numeric text; else null. */
export function intOf(value: Json | undefined): number | null {
  const number = typeof value === 'string' && /^\s*-?\d{1,10}\s*$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && (number | 0) === number ? number : null;
}

/** A boolean, also from `"True"` and `"false"`; else null. */
export function booleanOf(value: Json | undefined): boolean | null {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return null;
  const folded = value.trim().toLowerCase();
  if (folded === 'true') return true;
  return folded === 'false' ? false : null;
}

/** An object; null for anything else. */
export function objectOf(value: Json | undefined): JsonObject | null {
  return isJsonObject(value) ? value : null;
}

const empty: JsonObject = {};

/** Every item of an array as `read` sees it; an item that is no object is read as an empty one, so that it counts. */
export function itemsOf<T>(value: Json | undefined, read: (item: JsonObject) => T): readonly T[] {
  if (!Array.isArray(value)) return [];
  const items: readonly Json[] = value;
  return items.map((item) => read(isJsonObject(item) ? item : empty));
}

/** The texts of an array of scalars; what is no scalar is left out. */
export function textsOf(value: Json | undefined): readonly string[] {
  if (!Array.isArray(value)) return [];
  const items: readonly Json[] = value;
  return items.map(textOf).filter((text) => text !== null);
}
