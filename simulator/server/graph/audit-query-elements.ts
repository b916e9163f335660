/**
 * The texts of the elements of a JSON array. Elements that are no JSON are kept apart, too, as long as their quotes and
 * brackets are balanced, which holds for the simulator's own.
 */
export function elementTexts(array: string): readonly string[] {
  const texts: string[] = [];
  let [depth, start, isQuoted] = [0, 0, false];
  for (let at = 0; at < array.length; at += 1) {
    const letter = array[at];
    if (isQuoted) {
      if (letter === '\\') at += 1;
      else if (letter === '"') isQuoted = false;
      continue;
    }
    if (letter === '"') isQuoted = true;
    else if (letter === '[' || letter === '{') {
      depth += 1;
      if (depth === 1) start = at + 1;
    } else if (letter === ']' || letter === '}' || (letter === ',' && depth === 1)) {
      if (depth === 1) {
        const text = array.slice(start, at).trim();
        if (text !== '') texts.push(text);
        start = at + 1;
      }
      if (letter !== ',') depth -= 1;
    }
  }
  return texts;
}

/** A JSON object. */
export type WireObject = Readonly<Record<string, unknown>>;

/** An element as an object; undefined when it is anything else, or no JSON. */
export function toWireObject(text: string): WireObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isWireObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a value is a JSON object. */
export function isWireObject(value: unknown): value is WireObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text, or the empty one for a value of another type. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
