/** What leaves a pass for the sink, and what comes back. */
import type { DeadLetter, Refusal } from './contracts.ts';
import type { Facts } from './enrich/facts.ts';
import type { AuditRecord } from './records/audit-record.ts';
import { contentId } from './records/content-id.ts';
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
export function toLetter({ kind, row, reason }: Refusal, { name }: Table): Omit<DeadLetter, 'source' | 'time'> {
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
