/**
 * A table whose rows lie in NDJSON files. Columns are decoded when a query first asks for them, all that it names in
 * one pass; dynamic columns stay in the file and are read cell by cell.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { TableSchema } from '../kql/engine/language.ts';
import type { Cell, Column, Relation } from '../kql/engine/relation.ts';
import type { Type, Value } from '../kql/engine/values/types.ts';
import { type ColumnBuilder, columnBuilder, toCell } from './column-store.ts';
import { scanNdjson } from './ndjson-scan.ts';

/** Gives the relation; the names are those of columns that will be read, so that one pass decodes them together. */
export type LazyTable = (wanted: ReadonlySet<string>) => Relation;

// Parsed dynamic values of so many rows are kept: some 3 KB each. Above, they are parsed each time.
const keptRows = 250_000;
const windowBytes = 1024 * 1024;

/** Where values lie: file, byte and length by row. */
interface Places {
  readonly file: Uint32Array;
  readonly start: Float64Array;
  readonly length: Uint32Array;
}

function larger<A extends { readonly length: number; set: (from: A) => void }>(
  from: A,
  make: (length: number) => A,
): A {
  const to = make(Math.max(1024, 2 * from.length));
  to.set(from);
  return to;
}

/** A list of places that grows. */
function placeList(): {
  readonly put: (row: number, file: number, start: number, length: number) => void;
  readonly places: () => Places;
} {
  let file = new Uint32Array(0);
  let starts = new Float64Array(0);
  let lengths = new Uint32Array(0);
  return {
    put: (row, index, start, length) => {
      while (row >= lengths.length) {
        file = larger(file, (size) => new Uint32Array(size));
        starts = larger(starts, (size) => new Float64Array(size));
        lengths = larger(lengths, (size) => new Uint32Array(size));
      }
      file[row] = index;
      starts[row] = start;
      lengths[row] = length;
    },
    places: () => ({ file, start: starts, length: lengths }),
  };
}

/** Reads pieces of files, a window of 1 MB at a time: rows are mostly read in their order. */
function pieces(paths: readonly string[]): (file: number, start: number, length: number) => string {
  let window = Buffer.alloc(0);
  let windowFile = -1;
  let windowStart = 0;
  return (file, start, length) => {
    if (file !== windowFile || start < windowStart || start + length > windowStart + window.length) {
      const handle = openSync(paths[file] ?? '', 'r');
      try {
        const size = Math.min(Math.max(windowBytes, length), fstatSync(handle).size - start);
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

/** Opens files as one table, in the order given. Nothing is read before the first column is asked for. */
export function ndjsonTable(paths: readonly string[], { name, columns }: TableSchema): LazyTable {
  const types = new Map<string, Type>(columns.map((column) => [column.name, column.type]));
  const cells = new Map<string, Cell>();
  const read = pieces(paths);
  let rows: number | undefined;

  const dynamicCell = ({ places }: ReturnType<typeof placeList>): Cell => {
    const known: Value[] = [];
    return (row) => {
      const kept = known[row];
      if (kept !== undefined) return kept;
      const { file, start, length } = places();
      const size = length[row] ?? 0;
      const value = size === 0 ? null : toCell(read(file[row] ?? 0, start[row] ?? 0, size), 'dynamic');
      if ((rows ?? 0) <= keptRows) known[row] = value;
      return value;
    };
  };

  const decode = (names: readonly string[]): void => {
    const members = names.map(
      (member): { readonly builder?: ColumnBuilder; readonly list?: ReturnType<typeof placeList> } => {
        const type = types.get(member) ?? 'dynamic';
        return type === 'dynamic' ? { list: placeList() } : { builder: columnBuilder(type) };
      },
    );
    let row = -1;
    for (const [index, path] of paths.entries()) {
      scanNdjson(
        path,
        names,
        () => {
          row += 1;
        },
        (member, bytes, start, end, offset) => {
          const { builder, list } = members[member] ?? {};
          if (builder !== undefined) builder.set(row, bytes, start, end);
          else list?.put(row, index, offset + start, end - start);
        },
      );
    }
    rows = row + 1;
    for (const [index, member] of names.entries()) {
      const { builder, list } = members[index] ?? {};
      if (builder !== undefined) cells.set(member, builder.at);
      else if (list !== undefined) cells.set(member, dynamicCell(list));
    }
  };

  const lazy = (member: string): Cell => {
    let cell = cells.get(member);
    return (row) => {
      if (cell === undefined) {
        if (!cells.has(member)) decode([member]);
        cell = cells.get(member) ?? (() => null);
      }
      return cell(row);
    };
  };

  return (wanted) => {
    const missing = columns.map((column) => column.name).filter((member) => wanted.has(member) && !cells.has(member));
    if (missing.length > 0 || rows === undefined) decode(missing);
    const table = columns.map((column): Column => ({ ...column, at: lazy(column.name) }));
    const received = table.find((column) => column.name === '_TimeReceived');
    return {
      name,
      columns: table,
      length: rows ?? 0,
      order: 'none',
      ...(received === undefined ? {} : { receivedAt: received.at }),
    };
  };
}
