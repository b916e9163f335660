import { randomUUID } from 'node:crypto';
import { coerce } from './coerce.ts';
import type { ColumnType } from './streams.ts';
import type { Switches } from './switches.ts';

/** A row of a table; a column that is null is absent. */
export type StoredRow = Readonly<Record<string, unknown>>;

/** What happened to accepted rows on their way into tables; counted up by `rowIntake`. */
export interface IntakeCounts {
  readonly columnsDropped: Map<string, number>;
  valuesNulled: number;
  valuesCut: number;
  timeGeneratedReplaced: number;
  olderThan48h: number;
  rowsDropped: number;
}

/** Columns that the service or the simulator adds and the sender does not name. */
export const addedColumns: ReadonlySet<string> = new Set([
  '_TimeReceived',
  '_ItemId',
  '_BilledSize',
  '_IsBillable',
  '_TimeGeneratedSent',
  'Type',
  'TenantId',
]);

// Azure Monitor limits: a field holds 64 KB, longer values are cut without a word.
const maxValueBytes = 65_536;
// data-ingestion-time.md, 2026-02-27: older than two days or more than one day ahead is replaced.
const oldestMs = 48 * 3_600_000;
const newestMs = 24 * 3_600_000;

/** Counts of nothing yet. */
export function intakeCounts(): IntakeCounts {
  return {
    columnsDropped: new Map(),
    valuesNulled: 0,
    valuesCut: 0,
    timeGeneratedReplaced: 0,
    olderThan48h: 0,
    rowsDropped: 0,
  };
}

/** The longest start of a text that is whole characters and no more than 64 KB of UTF-8. */
function cutText(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxValueBytes) return text;
  let end = maxValueBytes;
  // 10xxxxxx continues a character (RFC 3629).
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}

/** What becomes of a row after the 204; undefined when a switch says that it is dropped. */
export function rowIntake(options: {
  readonly table: string;
  readonly columns: ReadonlyMap<string, ColumnType>;
  readonly workspaceId: string;
  readonly switches: Pick<Switches, 'typeMismatch' | 'oldTime' | 'undeclared'>;
  readonly counts: IntakeCounts;
}): (sent: Readonly<Record<string, unknown>>, receivedMs: number) => StoredRow | undefined {
  const { columns, switches, counts } = options;

  /** Columns that the stream declares, coerced; undefined when a value does not fit and that drops the row. */
  function declared(sent: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
    const row: Record<string, unknown> = {};
    const rest: [string, unknown][] = [];
    for (const [name, value] of Object.entries(sent)) {
      const type = columns.get(name);
      if (type === undefined) {
        counts.columnsDropped.set(name, (counts.columnsDropped.get(name) ?? 0) + 1);
        rest.push([name, value]);
        continue;
      }
      if (value === null) continue;
      const fit = coerce(value, type);
      if (fit !== undefined) row[name] = fit;
      else if (switches.typeMismatch === 'row-dropped') return undefined;
      else counts.valuesNulled += 1;
    }
    if (rest.length > 0 && switches.undeclared === 'overflow') row['_Overflow'] = Object.fromEntries(rest);
    return row;
  }

  /** No value's text is longer than the whole row's, so only a long row needs a second look. */
  function cutValues(row: Record<string, unknown>): number {
    const bytes = Buffer.byteLength(JSON.stringify(row));
    if (bytes <= maxValueBytes) return bytes;
    for (const [name, value] of Object.entries(row)) {
      if (typeof value !== 'string' && typeof value !== 'object') continue;
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      const cut = cutText(text);
      if (cut === text) continue;
      counts.valuesCut += 1;
      row[name] = cut;
    }
    return Buffer.byteLength(JSON.stringify(row));
  }

  /** False when TimeGenerated drops the row. */
  function stampTime(row: Record<string, unknown>, receivedMs: number): boolean {
    const received = new Date(receivedMs).toISOString();
    const sent = row['TimeGenerated'];
    row['_TimeReceived'] = received;
    if (typeof sent !== 'string') {
      row['TimeGenerated'] = received;
      return true;
    }
    const ageMs = receivedMs - Date.parse(sent);
    if (ageMs > oldestMs) counts.olderThan48h += 1;
    if (ageMs <= oldestMs && ageMs >= -newestMs) return true;
    if (switches.oldTime === 'row-dropped') return false;
    counts.timeGeneratedReplaced += 1;
    row['TimeGenerated'] = received;
    row['_TimeGeneratedSent'] = sent;
    return true;
  }

  return (sent, receivedMs) => {
    const row = declared(sent);
    if (row === undefined) {
      counts.rowsDropped += 1;
      return undefined;
    }
    // UNVERIFIED: how the service computes the size; here the JSON text of what the sender gave.
    const billedSize = cutValues(row);
    if (!stampTime(row, receivedMs)) {
      counts.rowsDropped += 1;
      return undefined;
    }
    row['_ItemId'] = randomUUID();
    row['Type'] = options.table;
    row['TenantId'] = options.workspaceId;
    row['_BilledSize'] = billedSize;
    row['_IsBillable'] = true;
    return row;
  };
}
