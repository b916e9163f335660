/**
 * Rows of an import as rules would have seen them: collected slice by slice of time as it happened, not all at once
 * long after. What came in late is marked as a backfill, and rules leave that out: right for a workspace, useless to
 * who looks into an export.
 */
import { columnOf, type Cell, type Column, type Relation } from '../../kql/engine/relation.ts';
import type { TableRows } from '../../kql/engine/table-reader.ts';
import { fromUnixMilliseconds, ticksPerMillisecond } from '../../kql/engine/values/calendar.ts';
import { Datetime } from '../../kql/engine/values/types.ts';
import type { Tables } from './run-rule.ts';

/** Slices of time of the same length, counted back from where the last one ends; a slice does not hold its end. */
export interface Slices {
  /** Epoch milliseconds: later than every event. */
  readonly endMs: number;
  readonly lengthMs: number;
}

// As the collector stamps rows: Azure replaces times that are older than two days.
const LONGEST_KEPT_MS = 46 * 3_600_000;

/** The column that says when a row's event happened, by table; rows of other tables stay as they are. */
const eventColumns: ReadonlyMap<string, string> = new Map([
  ['CopilotAudit_CL', 'EventTime'],
  ['CopilotEntities_CL', 'FirstSeenTime'],
]);

/** When what happened at a time was received: in the last millisecond of its slice, so that a run at its end sees it. */
export function receivedAt(event: Datetime, { endMs, lengthMs }: Slices): Datetime {
  const length = BigInt(lengthMs) * ticksPerMillisecond;
  const end = fromUnixMilliseconds(endMs).ticks;
  // What is not before the end belongs to the last slice.
  const slicesBefore = event.ticks >= end ? 0n : (end - event.ticks - 1n) / length;
  return new Datetime(end - slicesBefore * length - ticksPerMillisecond);
}

/** A table's rows as they would have come in; the column tells when the event of a row happened. */
export function asCollected(relation: Relation, eventColumn: string, slices: Slices): Relation {
  const event = columnOf(relation, eventColumn);
  if (event === undefined) return relation;
  const kept = BigInt(LONGEST_KEPT_MS) * ticksPerMillisecond;
  // Rows without a time of their own are of the last slice.
  const last = fromUnixMilliseconds(slices.endMs);
  const received: Cell = (row) => {
    const at = event.at(row);
    return receivedAt(at instanceof Datetime ? at : last, slices);
  };
  const generated: Cell = (row) => {
    const [at, came] = [event.at(row), received(row)];
    return at instanceof Datetime && came instanceof Datetime && came.ticks - at.ticks < kept ? at : came;
  };
  const replaced: ReadonlyMap<string, Cell> = new Map([
    ['TimeGenerated', generated],
    ['_TimeReceived', received],
    ['IsBackfill', () => false],
  ]);
  const columns = relation.columns.map((column): Column => ({ ...column, at: replaced.get(column.name) ?? column.at }));
  return { ...relation, columns, receivedAt: received };
}

/** All tables as they would have come in. */
export function tablesAsCollected(tables: Tables, slices: Slices): Tables {
  const shown = ([name, rows]: readonly [string, TableRows]): readonly [string, TableRows] => {
    const column = eventColumns.get(name);
    if (column === undefined) return [name, rows];
    if (typeof rows !== 'function') return [name, asCollected(rows, column, slices)];
    return [name, (mentioned) => asCollected(rows(new Set([...mentioned, column])), column, slices)];
  };
  return Object.fromEntries(Object.entries(tables).map(shown));
}

/** The ends of the slices that hold a span, the newest first. */
export function sliceEnds(fromMs: number, { endMs, lengthMs }: Slices): readonly Date[] {
  const count = Math.max(1, Math.ceil((endMs - fromMs) / lengthMs));
  return Array.from({ length: count }, (_, index) => new Date(endMs - index * lengthMs));
}
