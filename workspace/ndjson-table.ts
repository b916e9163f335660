/**
 * A table whose rows lie in NDJSON files. Columns that a query names are decoded in one pass over the files when it
 * asks for the table. Dynamic columns stay in the file and are read cell by cell; so are columns that come into an
 * answer without being named (`take 10`), line by line, until there are so many that decoding them all is cheaper.
 */
import { fromJson } from '../kql/engine/json-rows.ts';
import type { TableSchema } from '../kql/engine/language/schema.ts';
import type { Cell, Column, Relation } from '../kql/engine/relation.ts';
import { member, parseJson } from '../kql/engine/values/json.ts';
import { isBag, type Type, type Value } from '../kql/engine/values/types.ts';
import { type ColumnBuilder, columnBuilder } from './column-store.ts';
import { pieceReader, type Place, type PlaceList, placeList } from './file-places.ts';
import { LineError, scanNdjson } from './ndjson-scan.ts';

/** Gives the relation; the names are those of columns that will be read, so that one pass decodes them together. */
export type LazyTable = (wanted: ReadonlySet<string>) => Relation;

// Parsed dynamic values of so many rows are kept: some 3 KB each. Above, they are parsed each time.
const keptRows = 250_000;
// A pass over a file costs as much as parsing a twentieth of its lines; a thousand rows of an answer never need one.
const fewestLines = 2000;
const lineShare = 20;
const receivedColumn = '_TimeReceived';

/** A column in memory, or the places of its values. */
type Held = { readonly builder: ColumnBuilder } | { readonly places: PlaceList };

/** Opens files as one table, in the order given. Nothing is read before a query asks for the table. */
export function ndjsonTable(paths: readonly string[], { name, columns }: TableSchema): LazyTable {
  const types = new Map<string, Type>(columns.map((column) => [column.name, column.type]));
  const decoded = new Map<string, Cell>();
  const lines = placeList();
  const readPiece = pieceReader(paths);
  // Bytes of each file that the first pass read: all others end there, so that columns are of the same rows.
  const ends: number[] = [];
  let rows: number | undefined;

  const parsed = (place: Place): Value => {
    try {
      return parseJson(readPiece(place));
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) throw cause;
      const where = `${paths[place.file] ?? ''}, byte ${place.start}`;
      throw new LineError(`${where}: not JSON; remove the line or mend it`, { cause });
    }
  };

  const dynamicCell = (places: PlaceList): Cell => {
    const known: Value[] = [];
    return (row) => {
      const kept = known[row];
      if (kept !== undefined) return kept;
      const place = places.at(row);
      const value = place.length === 0 ? null : fromJson(parsed(place), 'dynamic');
      if ((rows ?? 0) <= keptRows) known[row] = value;
      return value;
    };
  };

  const decode = (names: readonly string[]): void => {
    const held = names.map((column): Held => {
      const type = types.get(column) ?? 'dynamic';
      return type === 'dynamic' ? { places: placeList() } : { builder: columnBuilder(type) };
    });
    const isFirst = rows === undefined;
    let row = -1;
    for (const [file, path] of paths.entries()) {
      ends[file] = scanNdjson(
        path,
        names,
        (start, length) => {
          row += 1;
          if (isFirst) lines.put(row, file, start, length);
        },
        (index, bytes, start, end, offset) => {
          const column = held[index];
          if (column === undefined) return;
          if ('builder' in column) column.builder.set(row, bytes, start, end);
          else column.places.put(row, file, offset + start, end - start);
        },
        ends[file],
      );
    }
    rows = row + 1;
    for (const [index, column] of names.entries()) {
      const values = held[index];
      if (values !== undefined)
        decoded.set(column, 'builder' in values ? values.builder.at : dynamicCell(values.places));
    }
  };

  let lastRow = -1;
  let lastLine: Value = null;
  let linesRead = 0;
  const readLine = (row: number): Value => {
    if (row !== lastRow) {
      lastLine = parsed(lines.at(row));
      if (!isBag(lastLine))
        throw new LineError(`${name}, row ${row + 1}: not a JSON object; remove the line or mend it`);
      lastRow = row;
      linesRead += 1;
    }
    return lastLine;
  };

  const lazy = (column: string, type: Type): Cell => {
    let cell = decoded.get(column);
    return (row) => {
      if (cell !== undefined) return cell(row);
      cell = decoded.get(column);
      if (cell === undefined && linesRead > Math.max(fewestLines, (rows ?? 0) / lineShare)) {
        decode(columns.flatMap((other) => (decoded.has(other.name) ? [] : [other.name])));
        cell = decoded.get(column);
      }
      return cell === undefined ? fromJson(member(readLine(row), column), type) : cell(row);
    };
  };

  return (wanted) => {
    const isWanted = (column: string): boolean =>
      wanted.has(column) || (column === receivedColumn && wanted.has('ingestion_time'));
    const missing = columns.flatMap((column) =>
      isWanted(column.name) && !decoded.has(column.name) ? [column.name] : [],
    );
    if (missing.length > 0 || rows === undefined) decode(missing);
    const table = columns.map((column): Column => ({ ...column, at: lazy(column.name, column.type) }));
    const received = table.find((column) => column.name === receivedColumn);
    return {
      name,
      columns: table,
      length: rows ?? 0,
      order: 'none',
      ...(received === undefined ? {} : { receivedAt: received.at }),
    };
  };
}
