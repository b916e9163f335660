/** Pieces of files by row: where they lie, and what they say. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { LineError } from './ndjson-scan.ts';

const windowBytes = 1024 * 1024;

/** Where the piece of a row lies. A length of 0 is a row without one. */
export interface Place {
  /** Index of the file. */
  readonly file: number;
  /** Bytes from the start of the file. */
  readonly start: number;
  /** Bytes. */
  readonly length: number;
}

/** A list of places, filled row by row: 16 bytes each. */
export interface PlaceList {
  readonly put: (row: number, file: number, start: number, length: number) => void;
  readonly at: (row: number) => Place;
}

function larger<A extends { readonly length: number; set: (from: A) => void }>(
  from: A,
  make: (length: number) => A,
): A {
  const to = make(Math.max(1024, 2 * from.length));
  to.set(from);
  return to;
}

/** An empty list. */
export function placeList(): PlaceList {
  let files = new Uint32Array(0);
  let starts = new Float64Array(0);
  let lengths = new Uint32Array(0);
  return {
    put: (row, file, start, length) => {
      while (row >= lengths.length) {
        files = larger(files, (size) => new Uint32Array(size));
        starts = larger(starts, (size) => new Float64Array(size));
        lengths = larger(lengths, (size) => new Uint32Array(size));
      }
      files[row] = file;
      starts[row] = start;
      lengths[row] = length;
    },
    at: (row) => ({ file: files[row] ?? 0, start: starts[row] ?? 0, length: lengths[row] ?? 0 }),
  };
}

/**
 * Reads pieces of files as text, a window of 1 MB at a time: rows are mostly read in their order.
 * The function throws a LineError for a file that has become shorter than its pieces say.
 */
export function pieceReader(paths: readonly string[]): (place: Place) => string {
  let window = Buffer.alloc(0);
  let windowFile = -1;
  let windowStart = 0;
  return ({ file, start, length }) => {
    if (file !== windowFile || start < windowStart || start + length > windowStart + window.length) {
      const handle = openSync(paths[file] ?? '', 'r');
      try {
        const size = Math.min(Math.max(windowBytes, length), fstatSync(handle).size - start);
        if (size < length)
          throw new LineError(`${paths[file] ?? ''}: is shorter than when it was opened; run the query again`);
        const next = Buffer.allocUnsafe(size);
        const read = readSync(handle, next, 0, size, start);
        window = next.subarray(0, read);
      } finally {
        closeSync(handle);
      }
      windowFile = file;
      windowStart = start;
    }
    return window.toString('utf8', start - windowStart, start - windowStart + length);
  };
}
