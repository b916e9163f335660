/** What leaves a pass for the sink, and what comes back. */
import type { DeadLetter, Hour, Refusal } from './contracts.ts';
import type { Facts } from './enrich/facts.ts';
import type { AuditRecord } from './records/audit-record.ts';
import { contentId } from './records/content-id.ts';
import type { Letter } from './letters.ts';
import { isObject } from './records/json-value.ts';
import { copilotAudit, type CopilotAuditRow, type Row, type Table } from './schema/index.ts';

/**
 * Records on their way to the sink. `toRows` makes the rows from facts in the order of the records. `settle` books what
 * became of the rows; it does not hold on to them, so that they can leave memory while their bytes are being written.
 */
export interface Delivery {
  readonly records: readonly AuditRecord[];
  readonly toRows: (facts: readonly Facts[]) => readonly CopilotAuditRow[];
  readonly settle: (refused: readonly Refusal[]) => void;
}

/** Rows that a source made itself, for one table. */
export interface OwnRows {
  readonly table: Table;
  readonly rows: readonly Row[];
  readonly settle: (refused: readonly Refusal[]) => void;
}

/** The dead letter of a row that a table refused or cut. */
export function toLetter({ kind, row, reason }: Refusal, { name }: Table): Letter {
  const { RecordId: id, ContentCreated: created } = row;
  return {
    id: typeof id === 'string' ? id : contentId(row),
    kind,
    reason,
    contentCreated: typeof created === 'string' ? created : null,
    record: row,
    ...(name !== copilotAudit.name && { table: name }),
  };
}

/**
 * Hour of a row: that of its contentCreated; without one that of its event, where rows were counted there (sources that
 * go by the time of the event), or the only hour there is.
 */
export function hourOf(
  { contentCreated, record }: Pick<DeadLetter, 'contentCreated' | 'record'>,
  byHour: ReadonlyMap<Hour, number>,
): Hour {
  if (contentCreated !== null) return Math.floor(Date.parse(contentCreated) / 3_600_000);
  const time =
    isObject(record) && typeof record['EventTime'] === 'string' ? Date.parse(record['EventTime']) : Number.NaN;
  const ofEvent = Math.floor(time / 3_600_000);
  return byHour.has(ofEvent) ? ofEvent : (byHour.keys().next().value ?? 0);
}
