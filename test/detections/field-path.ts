/** Fields of nested values by path: `CopilotEventData.Messages[1].JailbreakDetected`. */

type Key = string | number;

const isContainer = (value: unknown): value is Record<Key, unknown> => typeof value === 'object' && value !== null;

const keysOf = (path: string): readonly Key[] =>
  [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) =>
    index === undefined ? (name ?? '') : Number(index),
  );

/** Sets a field in place; what is missing on the way is made. */
export function setField(target: object, path: string, value: unknown): void {
  const keys = keysOf(path);
  let at: unknown = target;
  for (const [index, key] of keys.entries()) {
    if (!isContainer(at)) throw new Error(`${path}: ${keys.slice(0, index).join('.')} holds no fields`);
    const next = keys[index + 1];
    if (next === undefined) at[key] = value;
    else at[key] ??= typeof next === 'number' ? [] : {};
    at = at[key];
  }
}

/** Removes a field, or an item of a list, in place. @returns whether it was there */
export function removeField(target: object, path: string): boolean {
  const keys = keysOf(path);
  const last = keys.at(-1);
  let at: unknown = target;
  for (const key of keys.slice(0, -1)) at = isContainer(at) ? at[key] : undefined;
  if (last === undefined || !isContainer(at) || at[last] === undefined) return false;
  if (Array.isArray(at) && typeof last === 'number') at.splice(last, 1);
  else delete at[last];
  return true;
}
