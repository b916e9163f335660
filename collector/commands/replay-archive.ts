/** Sends what the archive holds once more, as today's parser reads it. */
import type { ArchivedRecord } from '../archive/archived-record.ts';
import type { ArchivePlace } from '../archive/place.ts';
import { type ArchivePart, readArchive, type Span } from '../archive/read-archive.ts';
import { emptySummary, type PassSummary } from '../pass-summary.ts';
import type { Signals } from '../pipeline.ts';
import type { AuditRecord } from '../records/audit-record.ts';
import { parseRecord } from '../records/parse-record.ts';
import { type Origin, toAuditRow } from '../rows/to-audit-row.ts';
import { copilotAudit, type CopilotAuditRow } from '../schema/index.ts';
import { timeStamps } from '../sinks/stamp-time.ts';
import { seenIds } from '../state/seen-ids.ts';
import type { Collector } from './collector.ts';
import type { Progress } from './progress.ts';

// As in a pass: they hide the latency of the network.
const WRITES_UNDER_WAY = 4;
const ARCHIVE = 'archive';

/** What is sent again: objects of these hours of collection. */
export interface ArchiveReplayOptions {
  readonly place: ArchivePlace;
  readonly span: Span;
}

/**
 * Sends each record of the archive once, with its RecordId: the newest copy of a row counts in every function. Touches
 * neither position, nor seen ids, nor dead letters, so that it can run beside a collector. `isComplete` is false when it
 * was stopped, or when a part of the archive could not be read.
 */
export async function replayArchive(
  collector: Pick<Collector, 'sink' | 'log' | 'pipeline'>,
  { place, span }: ArchiveReplayOptions,
  { reading, writing }: Signals,
  progress: Progress,
): Promise<{ readonly summary: PassSummary; readonly isComplete: boolean }> {
  const { sink, log, pipeline } = collector;
  const { enrichment, now, seenIdsMax, others, mask = (raw: unknown) => raw } = pipeline;
  const summary = emptySummary();
  const seen = seenIds();
  const underWay = new Set<Promise<void>>();
  const failure = new AbortController();
  const stopping = AbortSignal.any([writing, failure.signal]);
  let at: string | undefined;

  /** Records that were not met before, and can be read. */
  function taken({ object, hourMs, records, unreadable, problem }: ArchivePart): readonly Parsed[] {
    const found: Parsed[] = [];
    let ofOthers = 0;
    for (const archived of records) {
      if (others?.isOther(ARCHIVE, archived.record) === true) {
        ofOthers++;
        continue;
      }
      summary.selected++;
      if (!seen.add(archived.id, Math.floor(hourMs / 3_600_000))) {
        summary.duplicate++;
        continue;
      }
      const parsed = parseRecord(mask(archived.record), pipeline);
      if (parsed.ok) found.push({ record: parsed.record, origin: originOf(archived) });
      else lose(archived.id, `this version cannot read it: ${parsed.reason}`);
    }
    seen.evictToSize(seenIdsMax);
    summary.seen += records.length + unreadable;
    summary.unparsable += unreadable;
    summary.foreign += ofOthers;
    if (ofOthers > 0)
      log.error({ source: ARCHIVE, item: object, records: ofOthers }, 'records of another tenant left out');
    if (unreadable > 0) log.error({ object, lines: unreadable }, 'lines of the archive are no records');
    if (problem !== undefined) {
      summary.gaps++;
      log.error({ object, reason: problem }, 'an object of the archive is not what was written');
    }
    return found;
  }

  function lose(record: string, reason: string): void {
    summary.deadLettered++;
    log.warn({ record, reason }, 'a record of the archive was not sent');
  }

  async function send(parsed: readonly Parsed[]): Promise<void> {
    const { facts } = await enrichment.enrich(parsed.map(({ record }) => record));
    const rows = parsed.map(({ record, origin }, n) => toRow(record, origin, facts[n], now()));
    const answers = await sink.write(copilotAudit, rows, stopping);
    summary.accepted += rows.length;
    // A row that was cut is accepted, and whole in the archive.
    for (const { row, reason } of answers.filter(({ kind }) => kind === 'refused')) {
      summary.accepted--;
      lose(typeof row['RecordId'] === 'string' ? row['RecordId'] : '', reason);
    }
  }

  try {
    for await (const part of readArchive(place, span, reading)) {
      const hour = new Date(part.hourMs).toISOString();
      if (hour !== at) {
        // Of the hours before this one everything is written: a replay that is stopped can go on here.
        await Promise.all(underWay);
        log.info({ hour }, 'replaying what was collected in this hour');
      }
      at = hour;
      const parsed = taken(part);
      if (parsed.length > 0) {
        if (underWay.size >= WRITES_UNDER_WAY) await Promise.race(underWay);
        const one = send(parsed);
        underWay.add(one);
        one.then(
          () => underWay.delete(one),
          () => undefined,
        );
      }
      progress.show(ARCHIVE, summary, at);
    }
    await Promise.all(underWay);
  } catch (thrown) {
    if (at !== undefined) log.error({ hour: at }, 'the replay was stopped: --collected-from goes on with this hour');
    if (!reading.aborted) {
      failure.abort(thrown);
      throw thrown;
    }
  } finally {
    await Promise.allSettled(underWay);
    progress.end();
    await sink.close();
  }
  const isWhole = summary.gaps + summary.unparsable + summary.deadLettered === 0;
  return { summary, isComplete: isWhole && !reading.aborted };
}

interface Parsed {
  readonly record: AuditRecord;
  readonly origin: Origin;
}

const originOf = ({ source, contentCreated, collectedTime }: ArchivedRecord): Origin => ({
  source,
  contentCreated,
  collectedTime,
});

/**
 * Where Azure will replace TimeGenerated, rules that look back a day see this copy only and would take it for news:
 * marked as backfill they leave it out. Where another copy is in sight, CopilotEvents goes by that one.
 */
function toRow(
  record: AuditRecord,
  origin: Origin,
  facts: Parameters<typeof toAuditRow>[2],
  nowMs: number,
): CopilotAuditRow {
  const row = toAuditRow(record, origin, facts);
  return timeStamps(row, nowMs).timeClamped ? { ...row, IsBackfill: true } : row;
}
