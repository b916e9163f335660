/** The tables of a directory of rows by the sizes of their files. */
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TableStatus } from '../api.ts';

/** What lies there, and a number that changes when any file does. */
export interface TablesStatus {
  readonly tables: readonly TableStatus[];
  readonly version: number;
}

function entriesOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory).toSorted();
  } catch {
    // Not there yet, or a file.
    return [];
  }
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Looks at `<directory>/<Table>/*.ndjson` and at the lists beside them. */
export function tableStatus(directory: string): TablesStatus {
  const hash = createHash('sha256');
  const tables: TableStatus[] = [];
  for (const name of entriesOf(directory)) {
    let bytes = 0;
    let isTable = false;
    for (const file of entriesOf(join(directory, name))) {
      const size = sizeOf(join(directory, name, file));
      hash.update(`${name}/${file} ${size}\n`);
      if (!file.endsWith('.ndjson')) continue;
      isTable = true;
      bytes += size;
    }
    if (isTable) tables.push({ name, bytes });
  }
  // 48 bits: a number of JavaScript holds them.
  return { tables, version: hash.digest().readUIntBE(0, 6) };
}
