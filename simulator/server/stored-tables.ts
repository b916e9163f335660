import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { addedColumns, type StoredRow } from './row-intake.ts';
import { auditTable } from './streams.ts';
import type { Switches } from './switches.ts';

/** The tables of the workspace. */
export interface StoredTables {
  /** Keeps rows that came in one request, at that moment. */
  readonly add: (table: string, rows: readonly StoredRow[], receivedMs: number) => void;
  /** Rows in the order of their arrival; throws when a switch says that they are not kept. */
  readonly rows: (table: string) => readonly StoredRow[];
  /** How often each RecordId is stored in CopilotAudit_CL. */
  readonly idCounts: ReadonlyMap<string, number>;
}

/** Tables in memory and, with a directory, as `DIR/<Table>/<YYYY-MM-DD>.ndjson` by the UTC day of receipt. */
export function storedTables(options: {
  readonly keepRows: Switches['keepRows'];
  readonly directory?: string | undefined;
}): StoredTables {
  const kept = new Map<string, StoredRow[]>();
  const idCounts = new Map<string, number>();

  function toFile(directory: string, table: string, rows: readonly StoredRow[], receivedMs: number): void {
    mkdirSync(join(directory, table), { recursive: true });
    // What the sender named, and the time of receipt: the columns of a file that a collector writes itself.
    const line = (row: StoredRow): string =>
      JSON.stringify(
        Object.fromEntries(Object.entries(row).filter(([name]) => name === '_TimeReceived' || !addedColumns.has(name))),
      );
    const file = join(directory, table, `${new Date(receivedMs).toISOString().slice(0, 10)}.ndjson`);
    appendFileSync(file, rows.map((row) => `${line(row)}\n`).join(''));
  }

  return {
    idCounts,
    add: (table, rows, receivedMs) => {
      if (table === auditTable) {
        for (const { RecordId: id } of rows) if (typeof id === 'string') idCounts.set(id, (idCounts.get(id) ?? 0) + 1);
      }
      if (options.directory !== undefined && rows.length > 0) toFile(options.directory, table, rows, receivedMs);
      if (options.keepRows === 'ids') return;
      const known = kept.get(table);
      if (known === undefined) kept.set(table, [...rows]);
      else for (const row of rows) known.push(row);
    },
    rows: (table) => {
      if (options.keepRows === 'ids')
        throw new Error(`simulator: rows of ${table} are not kept: set the switch keepRows to 'all'`);
      return kept.get(table) ?? [];
    },
  };
}
