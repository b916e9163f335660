import type { DeadLetter, Sink } from '../contracts.ts';
import type { Signals } from '../pipeline.ts';
import { emptySummary, type PassSummary } from '../pass-summary.ts';
import { type ParseOptions, parseRecord } from '../records/parse-record.ts';
import { toAuditRow } from '../rows/to-audit-row.ts';
import { copilotAudit, type CopilotAuditRow, emptyRow, isRow, type Row, tables } from '../schema/index.ts';
import type { Collector } from './collector.ts';

const BATCH = 500;

/**
 * Sends dead letters again. What is accepted leaves the state, what is not stays until it is 30 days old. A letter whose
 * record has arrived otherwise in the meantime leaves, too.
 */
export async function replay(collector: Collector, { reading, writing }: Signals): Promise<PassSummary> {
  const { state, sink, pipeline, log } = collector;
  const held = await state.load();
  const summary = emptySummary();
  try {
    // The rows of oversize letters were accepted: sent again they would only be cut again. Unreadable ones hold no record.
    const letters = (await state.deadLetters()).filter(({ kind }) => kind !== 'oversize' && kind !== 'unreadable');
    for (let at = 0; at < letters.length && !reading.aborted; at += BATCH) {
      const done = new Set<string>();
      const rows = new Map<CopilotAuditRow, string>();
      for (const letter of letters.slice(at, at + BATCH)) {
        summary.seen++;
        summary.selected++;
        if (letter.table !== undefined) {
          if (!(await isSent(letter, sink, writing))) continue;
          summary.accepted++;
          done.add(letter.id);
          continue;
        }
        const row = toRow(letter, pipeline);
        if (row === undefined) {
          log.warn({ record: letter.id, reason: letter.reason }, 'this version cannot read the dead letter, either');
          continue;
        }
        // The id of a refused row is known because it was refused; any other because the record arrived otherwise.
        if (letter.kind === 'rejected' && held.records.has(row.RecordId ?? '')) {
          summary.duplicate++;
          done.add(letter.id);
        } else rows.set(row, letter.id);
      }
      const answers = await sink.write(copilotAudit, [...rows.keys()], writing);
      const refused = new Set(answers.filter(({ kind }) => kind === 'refused').map(({ row }) => row));
      for (const [row, letterId] of rows) {
        if (refused.has(row)) continue;
        summary.accepted++;
        done.add(letterId);
        if (row.RecordId !== null) held.records.add(row.RecordId, Math.floor(pipeline.now() / 3_600_000));
      }
      state.removeDeadLetters(done);
      // Accepted now, but cut: from here on the whole record is in this letter only.
      for (const { kind, row, reason } of answers)
        if (kind === 'oversize') held.putAside(oversize(row, reason, pipeline));
      await state.save(held);
    }
    summary.deadLettered = summary.selected - summary.accepted - summary.duplicate;
    return summary;
  } finally {
    await state.close();
    await sink.close();
  }
}

/** Sends the row of another table than CopilotAudit_CL; such letters are few. */
async function isSent({ table, record }: DeadLetter, sink: Sink, signal: AbortSignal): Promise<boolean> {
  const of = tables.find(({ name }) => name === table);
  if (of === undefined) return false;
  const row = typeof record === 'object' ? { ...emptyRow(of), ...record } : record;
  if (!isRow(of, row)) return false;
  return (await sink.write(of, [row], signal)).every(({ kind }) => kind !== 'refused');
}

/** The row that a letter stands for; undefined while this version still cannot read its record. */
function toRow(
  { kind, record, source, contentCreated, time }: DeadLetter,
  options: ParseOptions,
): CopilotAuditRow | undefined {
  if (kind !== 'rejected') {
    // A row of an older version lacks the columns that were added since.
    const row = typeof record === 'object' ? { ...emptyRow(copilotAudit), ...record } : record;
    return isRow(copilotAudit, row) ? row : undefined;
  }
  const parsed = parseRecord(record, options);
  return parsed.ok ? toAuditRow(parsed.record, { source, contentCreated, collectedTime: time }) : undefined;
}

const oversize = (row: Row, reason: string, { now }: { readonly now: () => number }): DeadLetter => {
  const text = (name: string): string | null => (typeof row[name] === 'string' ? row[name] : null);
  return {
    id: text('RecordId') ?? '',
    source: text('Source') ?? 'replay',
    time: new Date(now()).toISOString(),
    kind: 'oversize',
    reason,
    contentCreated: text('ContentCreated'),
    record: row,
  };
};
