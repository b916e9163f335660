import { type Document, isMap, isPair, isScalar, isSeq, LineCounter, type Node, type Pair } from 'yaml';

/** A place in a file, from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

type Part = Node | Pair | null | undefined;

const startOf = (part: unknown): number | undefined => {
  if (isPair(part)) return startOf(part.key);
  return isScalar(part) || isMap(part) || isSeq(part) ? part.range?.[0] : undefined;
};

const partsOf = (node: unknown): readonly unknown[] => (isMap(node) || isSeq(node) ? node.items : []);

/** The item under a key or an index. */
function below(node: unknown, key: PropertyKey): Part {
  const value = isPair(node) ? node.value : node;
  const found = isMap(value)
    ? value.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key))
    : partsOf(value)[Number(key)];
  return isPair(found) || isScalar(found) || isMap(found) || isSeq(found) ? found : undefined;
}

/** Characters before the key, or the item of a list, at a path; of the nearest above it where there is no such path. */
export function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let at: unknown = document.contents;
  let offset = startOf(at) ?? 0;
  for (const key of path) {
    at = below(at, key);
    if (at === undefined) break;
    offset = startOf(at) ?? offset;
  }
  return offset;
}

/** Tells lines and columns of a text. */
export function placesOf(text: string): (offset: number) => Place {
  const counter = new LineCounter();
  counter.addNewLine(0);
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) counter.addNewLine(at + 1);
  return (offset) => {
    const { line, col } = counter.linePos(offset);
    return { line, column: col };
  };
}
