/** The contracts of the collector. pipeline.ts holds the loop that joins them. */
import type { Row, Table } from './schema/index.ts';

/** A resume point. Opaque to everyone but the source that wrote it. */
export type Cursor = string;

/** Whole hours since 1970-01-01T00:00Z on the feed's own clock (contentCreated), never of the event's time. */
export type Hour = number;

/** A unit of a feed that could not be read and waits for another try. */
export interface ParkedBlob {
  readonly id: string;
  readonly uri: string;
  /** ISO 8601 UTC, from the wire. */
  readonly created: string;
  /** ISO 8601 UTC, from the wire: after it the blob is a gap. */
  readonly expires: string;
  readonly reason: string;
  readonly tries: number;
}

/** How a blob ended: read to its end, gone before it could be read, or set aside. */
export type BlobOutcome =
  | { readonly kind: 'fetched' }
  | { readonly kind: 'expired'; readonly reason: string }
  | { readonly kind: 'parked'; readonly parked: ParkedBlob };

/**
 * What of a blob could not be read, and where it lies: kept as a dead letter, so that somebody can look at it. Never the
 * content, because nobody knows whose it is.
 */
export interface Unread {
  /** Tells one content of the blob from another, as the store names it. */
  readonly etag: string;
  /** Bytes of the blob from which, and up to which, it lies; `to` itself not included. */
  readonly from: number;
  readonly to: number;
  /** Elements that were not read; null where nobody can count them. */
  readonly count: number | null;
  readonly reason: string;
}

/** An element of a feed: a JSON value, or why it is none. The content of a broken one is not kept. */
export type Element =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly bytes: number; readonly reason: string };

/** What a source yields, in the order in which it became true. */
export type Batch =
  /**
   * The feed announced `count` blobs of this hour that were neither done nor parked. The first of them expires at
   * `earliestExpiry` (ISO 8601 UTC), or none ever does: null.
   */
  | { readonly kind: 'listed'; readonly hour: Hour; readonly count: number; readonly earliestExpiry: string | null }
  /**
   * Part of a blob or file, named by `item`: `seen` elements, of which `foreign` cannot be Copilot records and were not
   * parsed; the others follow. They may be parsed as they are iterated, once, so that raw bytes wait instead of objects.
   */
  | {
      readonly kind: 'records';
      readonly item: string;
      readonly hour: Hour;
      readonly contentCreated: string | null;
      readonly seen: number;
      readonly foreign: number;
      readonly elements: Iterable<Element>;
    }
  /** Rows that the source makes itself, for a table of its own; each has a RecordId that stays the same at every reading. */
  | { readonly kind: 'rows'; readonly table: Table; readonly hour: Hour; readonly rows: readonly Row[] }
  /** A blob has ended; everything it held was yielded before, but for what is `unread`. */
  | {
      readonly kind: 'ended';
      readonly id: string;
      readonly hour: Hour;
      readonly outcome: BlobOutcome;
      readonly unread?: Unread | undefined;
    }
  /** Content that the feed will never give: what was between the two times (ISO 8601 UTC) cannot be listed. */
  | { readonly kind: 'gap'; readonly from: string; readonly to: string; readonly reason: string }
  /** Everything up to `cursor` was yielded before. `readUpTo` is the same point as ISO 8601 UTC, for the lag. */
  | { readonly kind: 'position'; readonly cursor: Cursor; readonly readUpTo: string | null };

/** What a source may know of the state: where it stood, what it need not read again, what waits for another try. */
export interface Position {
  readonly cursor: Cursor | undefined;
  readonly isDone: (blobId: string) => boolean;
  readonly parked: readonly ParkedBlob[];
  /** Names of operations, in lower case, that records of this tenant bore and that no list knows. */
  readonly operations: readonly string[];
  /** Where another source stands, for sources that share a limit and each other's form of a cursor. */
  readonly cursorOf: (source: string) => Cursor | undefined;
}

/** Where records come from. */
export interface Source {
  /** The word used in configuration, logs, metrics and the Source column. */
  readonly name: string;
  /**
   * Yields batches in the feed's own order, from just after the cursor, and returns when caught up.
   * A batch may repeat records already seen; it must never skip one. Stops within a second of an abort.
   * Throws a SourceError when the pass cannot go on; what was yielded before stays valid.
   */
  read(position: Position, signal: AbortSignal): AsyncIterable<Batch>;
}

/**
 * A row that the sink did not take as it is, with the reason: never (`refused`), or with fields cut to its limit
 * (`oversize`, which is accepted).
 */
export interface Refusal {
  readonly kind: 'refused' | 'oversize';
  readonly row: Row;
  readonly reason: string;
}

/** A pass of a source that cannot go on; the message names what, why and the remedy. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
}

/** A sink that cannot go on; the message names what, why and the remedy. */
export class SinkError extends Error {
  override readonly name = 'SinkError';
}

/** Where rows go. */
export interface Sink {
  /**
   * Resolves only when every row is either accepted or refused for good; the refused and the cut ones are returned.
   * Stamps TimeGenerated at every try. Safe to call again with the same rows, and while other calls are under way.
   * Rejects when the outcome of any row is unknown: then all of them must be written again.
   */
  write(table: Table, rows: readonly Row[], signal: AbortSignal): Promise<readonly Refusal[]>;
  close(): Promise<void>;
}

/** A record that could not become an accepted row, or a file that could not be read; kept for 30 days. */
export interface DeadLetter {
  /** RecordId where known, else a hash of the record: the same record has the same id. */
  readonly id: string;
  readonly source: string;
  /** ISO 8601 UTC: when it was put aside. */
  readonly time: string;
  readonly kind: 'rejected' | 'refused' | 'oversize' | 'unreadable';
  readonly reason: string;
  readonly contentCreated: string | null;
  /** Table of a refused or cut row; absent: CopilotAudit_CL. */
  readonly table?: string | undefined;
  /**
   * `rejected`: the record with dropped content. `refused` and `oversize`: the whole row, which holds all of the record.
   * `unreadable`: the blob and what is unread of it, never content. `replay` sends the first two again.
   */
  readonly record: unknown;
}
