/** The name of the file whose replacement is the commit. */
export const checkpointName = 'checkpoint.json';

/** Folders that segments lie in; what lies in others is not ours. */
export const segmentFolder = /^(?:records|dead-letters|entities|views\.(?:feed|query)|[a-z0-9-]+\.blobs)$/;

/** Files in those folders that are segments. */
export const segmentFile = /^[^/]+\.(?:ids|ndjson|notes)$/;

/** Another process is the writer, or may be. The message names the place, who or until when if known, and the remedy. */
export class TakenError extends Error {
  override readonly name = 'TakenError';
}

/** A segment that exists at a place, whatever its checkpoint says of it. */
export interface StoredSegment {
  readonly name: string;
  /** Bytes, committed or not. */
  readonly length: number;
}

/**
 * Where state lives: a few primitives, so that the format is the same on disk and in Azure Blob Storage.
 * Segment names have the form `folder/file.ids`, `folder/file.ndjson` or `folder/file.notes`. Every method rejects with an error that
 * names the place and the remedy; after a rejection, what was asked for may or may not have happened.
 */
export interface Place {
  /** How errors name the place: a directory or a URL. */
  readonly name: string;
  /**
   * Becomes its only writer; rejects with a TakenError when another process is. The signal aborts as soon as this
   * process no longer is the writer, or can no longer be sure of it; its reason is a TakenError. From then on nothing
   * is changed; `close` may be called, and `open` after it. `close` does not abort the signal.
   */
  open(): Promise<AbortSignal>;
  /** The text of the last checkpoint; undefined when there never was one. */
  readCheckpoint(): Promise<string | undefined>;
  /** The commit: replaces the checkpoint as a whole. Rejects without doing so when this process is no longer the writer. */
  replaceCheckpoint(text: string): Promise<void>;
  /** Fills `into` with the bytes of a segment from `offset`; resolves to how many those were, fewer when it ends before. */
  read(segment: string, offset: number, into: Uint8Array): Promise<number>;
  /** Adds bytes to a segment that is `offset` bytes long (0: to be made); resolves when they are durable. */
  append(segment: string, offset: number, bytes: Uint8Array): Promise<void>;
  /** Every segment; other files that may lie there are not listed and never touched. */
  list(): Promise<readonly StoredSegment[]>;
  /** Removes a segment; one that is gone already is no error. Rejects when this process is no longer the writer. */
  remove(segment: string): Promise<void>;
  /** Lets the next writer in; leaves alone what another writer has taken meanwhile. */
  close(): Promise<void>;
}
