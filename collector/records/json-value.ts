import type { Json } from '../schema/index.ts';

/** A JSON object, as it came. */
export type RawObject = Readonly<Record<string, unknown>>;

/** A JSON object whose values are JSON. */
export type JsonObject = Readonly<Record<string, Json>>;

/** True for an object that is neither null nor an array. */
export function isObject(value: unknown): value is RawObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for a JSON object. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return isObject(value);
}

/** Sets an own property whatever its name: plain assignment of `__proto__` would change the prototype instead. */
export function setOwn(target: Record<string, Json>, key: string, value: Json): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else target[key] = value;
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** True for a GUID in its 36-character form. */
export function isGuid(text: string): boolean {
  return text.length === 36 && GUID.test(text);
}

/** The text with unpaired surrogates replaced by U+FFFD, so that it survives UTF-8. */
export function toWellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}
