/** Makes activity records of what was exported or archived, without Azure or Microsoft 365. */
import { createReadStream } from 'node:fs';
import type { ArchivePlace } from '../archive/place.ts';
import { readArchive, type Span } from '../archive/read-archive.ts';
import { toActivityRecords } from '../activity-records/activity-record.ts';
import type { ActivityWriter } from '../activity-records/writers.ts';
import { decode } from '../formats/decode.ts';
import type { Log } from '../log.ts';
import { emptySummary, type PassSummary } from '../pass-summary.ts';
import { contentId } from '../records/content-id.ts';
import { isCopilotRecord } from '../records/is-copilot-record.ts';
import { type ParseOptions, parseRecord } from '../records/parse-record.ts';
import { type Origin, toAuditRow } from '../rows/to-audit-row.ts';
import { seenIds } from '../state/seen-ids.ts';
import type { Progress } from './progress.ts';

// An event may bear a later time than the hour in which it was collected: clocks differ.
const CLOCK_MARGIN_MS = 3_600_000;

/** What an export reads, which of it, and where it goes. */
export interface ExportOptions {
  readonly input:
    | { readonly kind: 'files'; readonly paths: readonly string[] }
    | { readonly kind: 'archive'; readonly place: ArchivePlace };
  /** Times of events. */
  readonly span: Span;
  readonly writer: ActivityWriter;
  readonly parsing: ParseOptions;
  /** What a record goes through first: pseudonymisation. */
  readonly mask?: ((raw: unknown) => unknown) | undefined;
  /** Record ids held in memory to know a record that comes twice. */
  readonly seenIdsMax: number;
  readonly log: Log;
}

/** How an export went: records by outcome (`accepted`: exported), the activities made of them, and the files. */
export interface ExportSummary extends PassSummary {
  activities: number;
  files: number;
}

/** A raw record and where it came from, or what could not be read instead. */
type Found =
  | { readonly kind: 'record'; readonly raw: unknown; readonly origin: Origin }
  | { readonly kind: 'unparsable'; readonly item: string; readonly count: number; readonly reason: string }
  | { readonly kind: 'gap'; readonly item: string; readonly reason: string };

/** Exports each record once. `isComplete` is false when it was stopped, or when something could not be read. */
export async function exportActivities(
  { input, span, writer, parsing, mask = (raw) => raw, seenIdsMax, log }: ExportOptions,
  signal: AbortSignal,
  progress: Progress,
): Promise<{ readonly summary: ExportSummary; readonly isComplete: boolean }> {
  const summary: ExportSummary = { ...emptySummary(), activities: 0, files: 0 };
  const seen = seenIds();

  async function take(raw: unknown, origin: Origin): Promise<void> {
    if (!isCopilotRecord(raw, parsing)) {
      summary.foreign++;
      return;
    }
    const parsed = parseRecord(mask(raw), parsing);
    const eventMs = parsed.ok ? Date.parse(parsed.record.eventTime) : undefined;
    // What has no time that can be read may belong here: it is told, not passed over.
    if (eventMs !== undefined && (eventMs < span.fromMs || eventMs >= span.toMs)) return;
    summary.selected++;
    const id = parsed.ok ? parsed.record.id : contentId(raw);
    if (!seen.add(id, Math.max(0, Math.floor((eventMs ?? 0) / 3_600_000)))) {
      summary.duplicate++;
      return;
    }
    seen.evictToSize(seenIdsMax);
    if (!parsed.ok) {
      summary.deadLettered++;
      log.warn({ record: parsed.id ?? id, reason: parsed.reason }, 'a record cannot be exported');
      return;
    }
    const activities = toActivityRecords(toAuditRow(parsed.record, origin));
    await writer.write(activities);
    summary.accepted++;
    summary.activities += activities.length;
  }

  try {
    for await (const found of input.kind === 'files'
      ? inFiles(input.paths, signal)
      : inArchive(input.place, span, signal)) {
      if (found.kind === 'gap') {
        summary.gaps++;
        log.error({ item: found.item, reason: found.reason }, 'could not be read whole');
        continue;
      }
      summary.seen += found.kind === 'record' ? 1 : found.count;
      if (found.kind === 'record') await take(found.raw, found.origin);
      else {
        summary.unparsable += found.count;
        log.error({ item: found.item, reason: found.reason, count: found.count }, 'elements that are no records');
      }
      progress.show('export', summary, null);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    progress.end();
  }
  summary.files = await writer.close();
  const { gaps, unparsable, deadLettered } = summary;
  return { summary, isComplete: gaps + unparsable + deadLettered === 0 && !signal.aborted };
}

async function* inFiles(paths: readonly string[], signal: AbortSignal): AsyncGenerator<Found, void> {
  const origin = { source: 'import', contentCreated: null, collectedTime: new Date(0).toISOString() };
  for (const path of paths) {
    try {
      for await (const element of decode(createReadStream(path, { signal }))) {
        if (element.ok) yield { kind: 'record', raw: element.value, origin };
        else yield { kind: 'unparsable', item: path, count: 1, reason: element.reason };
      }
    } catch (error) {
      signal.throwIfAborted();
      yield { kind: 'gap', item: path, reason: error instanceof Error ? error.message : String(error) };
    }
  }
}

async function* inArchive(place: ArchivePlace, span: Span, signal: AbortSignal): AsyncGenerator<Found, void> {
  // What happened then was collected then or at any time since.
  const collected = { fromMs: span.fromMs - CLOCK_MARGIN_MS, toMs: Infinity };
  for await (const { object, records, unreadable, problem } of readArchive(place, collected, signal)) {
    for (const { record, source, contentCreated, collectedTime } of records)
      yield { kind: 'record', raw: record, origin: { source, contentCreated, collectedTime } };
    if (unreadable > 0) yield { kind: 'unparsable', item: object, count: unreadable, reason: 'no lines of an archive' };
    if (problem !== undefined) yield { kind: 'gap', item: object, reason: problem };
  }
}
