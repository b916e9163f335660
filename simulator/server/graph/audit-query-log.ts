/** The audit log behind the feed: every record of the tenant once, found by the time of its event. */
import type { FeedBlob } from '../../feed-blob.ts';
import { chance } from '../chance.ts';
import { elementTexts, textOf, toWireObject, type WireObject } from './audit-query-elements.ts';
import { recordTypeName } from './audit-query-names.ts';

/** Where a record of the log is, and what filters ask of it. Times are epoch milliseconds. */
export interface AuditEntry {
  readonly id: string;
  /** Of the event: CreationTime, or the log's own time for a record with an unusable one. */
  readonly timeMs: number;
  /** From when on queries find it. */
  readonly visibleMs: number;
  readonly operation: string;
  readonly recordType: string;
  /** Where the log finds the record again: number of a blob, or less than 0 for a day before the feed's. */
  readonly shelf: number;
  readonly at: number;
}

/** Which records a query asks for. */
export interface AuditSpan {
  /** Inclusive. */
  readonly startMs: number;
  /** Exclusive; what the service does is not documented. */
  readonly endMs: number;
  readonly isWanted: (entry: AuditEntry, record: () => WireObject) => boolean;
}

/** The log. */
export interface AuditLog {
  /** Records of a span that are visible at a time, each id once, in an order that is not that of their events. */
  readonly find: (span: AuditSpan, asOfMs: number) => readonly AuditEntry[];
  /** The record as the Management API sends it. */
  readonly record: (entry: AuditEntry) => WireObject;
  /** Ids of the given ones by the UTC day of their event, `YYYY-MM-DD`. */
  readonly byDay: (ids: ReadonlySet<string>) => Readonly<Record<string, readonly string[]>>;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
// A generated record is in a blob three days after its event at the latest. A small log is read as a whole, because
// blobs made by hand may hold anything.
const latestMs = 4 * dayMs;
const smallLog = 2000;
const oldestMs = 400 * dayMs;
const blobsKept = 16;

/** The log of all blobs without the records of `absent`. It is read blob by blob when somebody asks for its time. */
export function auditLog(options: {
  readonly blobs: readonly FeedBlob[];
  readonly seed: number | string;
  readonly absent: ReadonlySet<string>;
  /** Minutes after the event in which a record becomes visible: soon mostly, late now and then. */
  readonly visibleMinutes: readonly [least: number, most: number];
}): AuditLog {
  const { blobs, seed, absent } = options;
  const [least, most] = options.visibleMinutes;
  const isSmall = blobs.length <= smallLog;
  const indexes = new Map<number, readonly AuditEntry[]>();
  const texts = new Map<number, readonly string[]>();

  function textsOf(nth: number): readonly string[] {
    const known = texts.get(nth) ?? elementTexts(blobs[nth]?.body() ?? '');
    // The oldest goes: pages run through a blob and leave it.
    texts.delete(nth);
    texts.set(nth, known);
    for (const [first] of texts) if (texts.size > blobsKept) texts.delete(first);
    return known;
  }

  function visibleMs(id: string, timeMs: number): number {
    const draw = chance(seed, 'audit-query-visible', id);
    return timeMs + 60_000 * (least + (most - least) * draw ** 8);
  }

  function entryOf(text: string, blob: number, at: number): AuditEntry | undefined {
    const record = toWireObject(text);
    const id = textOf(record?.['Id']);
    if (record === undefined || id === '') return undefined;
    const timeMs = eventMs(textOf(record['CreationTime']), blobs[blob]?.createdMs ?? 0);
    const [operation, recordType] = [textOf(record['Operation']), recordTypeName(record['RecordType'])];
    return { id, timeMs, visibleMs: visibleMs(id, timeMs), operation, recordType, shelf: blob, at };
  }

  function index(nth: number): readonly AuditEntry[] {
    const known = indexes.get(nth);
    if (known) return known;
    const made = textsOf(nth)
      .map((text, at) => entryOf(text, nth, at))
      .filter((entry) => entry !== undefined);
    indexes.set(nth, made);
    return made;
  }

  const record = ({ shelf, at }: AuditEntry): WireObject => toWireObject(textsOf(shelf)[at] ?? '') ?? {};

  return {
    record,
    find: ({ startMs, endMs, isWanted }, asOfMs) => {
      const ids = new Set<string>();
      const found: AuditEntry[] = [];
      blobs.forEach(({ createdMs }, nth) => {
        if (!isSmall && (createdMs < startMs - hourMs || createdMs > endMs + latestMs)) return;
        for (const entry of index(nth)) {
          const { id, timeMs } = entry;
          if (timeMs < startMs || timeMs >= endMs || entry.visibleMs > asOfMs) continue;
          if (ids.has(id) || absent.has(id) || !isWanted(entry, () => record(entry))) continue;
          ids.add(id);
          found.push(entry);
        }
      });
      return found;
    },
    byDay: (ids) => {
      const days = new Map<string, Set<string>>();
      blobs.forEach((blob, nth) => {
        if (ids.size === 0 || !blob.copilotIds.some((id) => ids.has(id))) return;
        for (const { id, timeMs } of index(nth)) {
          if (!ids.has(id)) continue;
          const day = new Date(timeMs).toISOString().slice(0, 10);
          days.set(day, (days.get(day) ?? new Set()).add(id));
        }
      });
      const inOrder = [...days].sort(([one], [other]) => (one < other ? -1 : 1));
      return Object.fromEntries(inOrder.map(([day, some]) => [day, [...some].sort()]));
    },
  };
}

/** CreationTime is UTC with or without a zone. What cannot be is replaced: a log has a time of its own for everything. */
export function eventMs(creationTime: string, createdMs: number): number {
  const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/i.test(creationTime);
  const timeMs = Date.parse(hasZone ? creationTime : `${creationTime}Z`);
  return timeMs > createdMs - oldestMs && timeMs < createdMs + dayMs ? timeMs : createdMs;
}
