import type { Json } from '../schema/index.ts';

/** Length of a value as JSON, in bytes of UTF-8. */
export const jsonBytes = (value: Json): number => Buffer.byteLength(JSON.stringify(value));

// The shortest thing that stands for anything.
const NULL_BYTES = 4;
// So many elements of a list may be long before the later ones are dropped instead.
const SHARERS = 8;

const encoder = new TextEncoder();

/** The longest beginning of a text within `maxBytes` of UTF-8; no character is cut in two. */
export function cutText(text: string, maxBytes: number): string {
  const { read } = encoder.encodeInto(text, new Uint8Array(maxBytes));
  return text.slice(0, read);
}

/** The same for its JSON form, where an escape takes up to six bytes. */
function fitText(text: string, budget: number): string {
  let cut = cutText(text, budget - 2);
  for (let bytes = jsonBytes(cut); bytes > budget; bytes = jsonBytes(cut)) {
    cut = cutText(cut, Math.floor((Buffer.byteLength(cut) * (budget - 2)) / bytes));
  }
  return cut;
}

/** Long elements are cut to an equal share, then the last ones are dropped. */
function fitList(list: readonly Json[], budget: number): readonly Json[] {
  let left = budget - 2;
  const share = Math.floor(left / Math.min(list.length, SHARERS)) - 1;
  const kept: Json[] = [];
  if (share < NULL_BYTES) return kept;
  for (const item of list) {
    const bytes = jsonBytes(item);
    const fitting = bytes > share ? fitJson(item, share) : item;
    left -= (bytes > share ? jsonBytes(fitting) : bytes) + 1;
    if (left < 0) break;
    kept.push(fitting);
  }
  return kept;
}

/** Every key stays; what short values leave over is shared equally by the long ones. */
function fitObject(value: Readonly<Record<string, Json>>, budget: number): Json {
  const entries = Object.entries(value);
  let left = budget - 2;
  for (const [key] of entries) left -= jsonBytes(key) + 2;
  if (left < NULL_BYTES * entries.length) return null;
  const sized = entries.map(([key, item]) => ({ key, item, bytes: jsonBytes(item) }));
  const fitting = new Map<string, Json>();
  let open = sized.length;
  for (const { key, item, bytes } of sized.toSorted((a, b) => a.bytes - b.bytes)) {
    const share = Math.floor(left / open);
    open--;
    left -= Math.min(bytes, share);
    if (bytes > share) fitting.set(key, fitJson(item, share));
  }
  return Object.fromEntries(sized.map(({ key, item }) => [key, fitting.get(key) ?? (fitting.has(key) ? null : item)]));
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/**
 * Makes a value fit into `budget` (4 or more) bytes of JSON and keeps its shape as far as it can: long texts are cut,
 * the last elements of long lists are dropped, and only what still does not fit is null.
 */
export function fitJson(value: Json, budget: number): Json {
  if (jsonBytes(value) <= budget) return value;
  if (typeof value === 'string') return fitText(value, budget);
  if (typeof value !== 'object' || value === null) return null;
  return isList(value) ? fitList(value, budget) : fitObject(value, budget);
}
