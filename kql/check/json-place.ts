import { isNode, isScalar, parseDocument, type Document, type Scalar } from 'yaml';

/** Where a value of a JSON file stands: keys and indexes from the root. */
export type JsonPath = readonly (string | number)[];

/** The value at a path; undefined where there is none. */
export const valueAt = (json: unknown, path: JsonPath): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined,
    json,
  );

/** A JSON file whose values know their place. */
export interface PlacedJson {
  readonly value: unknown;
  /** The character where the value of a path starts; of what is not there, the nearest around it. */
  readonly offsetOf: (path: JsonPath) => number;
  /** The character of the file behind each character of the text at a path. */
  readonly textOffsets: (path: JsonPath) => (offset: number) => number;
}

/** What is wrong with a file that is no JSON. */
export interface JsonError {
  readonly offset: number;
  readonly message: string;
}

const escape = /\\(?:u[0-9a-fA-F]{4}|.)|[^]/g;

/** The character of the file behind each character of a JSON string that starts (with its quote) at `start`. */
function stringOffsets(fileText: string, scalar: Scalar): (offset: number) => number {
  const [start, end] = scalar.range ?? [0, 0];
  const offsets: number[] = [];
  let at = start + 1;
  for (const [token] of fileText.slice(at, end - 1).matchAll(escape)) {
    offsets.push(at);
    at += token.length;
  }
  return (offset) => offsets[offset] ?? Math.max(start, at - 1);
}

function rangeStart(document: Document, path: JsonPath): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range !== undefined && node.range !== null) return node.range[0];
  }
  return 0;
}

/** Parses JSON and keeps the places. JSON is YAML, and the parser of YAML tells where each value stands. */
export function placedJson(fileText: string): PlacedJson | JsonError {
  let value: unknown;
  try {
    value = JSON.parse(fileText);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const offset = parseDocument(fileText, { uniqueKeys: false }).errors[0]?.pos[0] ?? 0;
    return { offset, message: `is no JSON: ${message.split('\n')[0]}` };
  }
  const document = parseDocument(fileText, { uniqueKeys: false });
  return {
    value,
    offsetOf: (path) => rangeStart(document, path),
    textOffsets: (path) => {
      const node = document.getIn(path, true);
      return isScalar(node) ? stringOffsets(fileText, node) : () => rangeStart(document, path);
    },
  };
}
