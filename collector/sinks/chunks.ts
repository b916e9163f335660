/** Rows gathered for one request. */
export interface Chunks<T> {
  /** Takes the next item, `bytes` long as JSON; returns the chunk that it no longer fits into. */
  readonly add: (item: T, bytes: number) => readonly T[] | undefined;
  /** Returns what is left, if anything. */
  readonly end: () => readonly T[] | undefined;
}

const BRACKETS = 2;
const COMMA = 1;

/**
 * Cuts a stream of items into JSON arrays of at most `limitBytes`, brackets and commas counted, in their order.
 * An item that is longer stands alone.
 */
export function chunks<T>(limitBytes: number): Chunks<T> {
  let items: T[] = [];
  let size = BRACKETS;

  function end(): readonly T[] | undefined {
    const full = items;
    items = [];
    size = BRACKETS;
    return full.length === 0 ? undefined : full;
  }

  return {
    add(item, bytes) {
      const full = items.length > 0 && size + COMMA + bytes > limitBytes ? end() : undefined;
      size += bytes + (items.length > 0 ? COMMA : 0);
      items.push(item);
      return full;
    },
    end,
  };
}
