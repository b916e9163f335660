/** One blob: what is new in it, and how far it is read then. */
import { type Batch, type Element, SourceError } from '../../contracts.ts';
import { toBlobHour } from './blob-hour.ts';
import type { ExportBlob, ExportContainer } from './blobs.ts';
import { type Body, BrokenOff, readBody } from './body.ts';
import type { BlobPlace } from './place.ts';
import { readLines } from './read-lines.ts';
import { isGzip, readWhole } from './read-whole.ts';
import type { ExportFormat } from './rows.ts';

/** What reading a blob gives: batches, how far it is read by now, or why no more of it, or of its container, can be read. */
export type Step =
  | Batch
  | { readonly kind: 'read'; readonly key: string; readonly place: BlobPlace }
  | { readonly kind: 'trouble'; readonly of: 'blob' | 'container'; readonly problem: string };

/** A blob that has something new. */
export interface DueBlob {
  readonly blob: ExportBlob;
  readonly container: ExportContainer;
  /** How far it is read. */
  readonly place: BlobPlace | undefined;
}

/** How blobs are read. */
export interface ReadBlobOptions {
  readonly format: ExportFormat;
  /** When the pass began, epoch milliseconds. */
  readonly nowMs: number;
}

// Append blobs get whole blocks, and a producer goes on at once: what rests for an hour is a file as it will stay.
const FILE_QUIET_MS = 3_600_000;
// A line without end is most likely one that will go on; Defender was seen to append 13 hours after the hour.
const TAIL_QUIET_MS = 24 * 3_600_000;
const BRACE = 0x7b;

const isTailDue = (blob: ExportBlob, nowMs: number): boolean => nowMs - blob.modifiedMs > TAIL_QUIET_MS;

/** Where reading goes on in an append blob that has grown; all others are read from their beginning. */
const offsetIn = (blob: ExportBlob, [offset]: BlobPlace): number =>
  blob.isAppend && offset <= blob.length ? offset : 0;

/** True when there is something in a blob that was not read up to `place`. */
export function isDue(blob: ExportBlob, place: BlobPlace | undefined, nowMs: number): boolean {
  if (blob.length === 0) return false;
  if (place === undefined || place[1] !== blob.etag) return true;
  const [offset] = place;
  return blob.isAppend && offset > 0 && offset < blob.length && isTailDue(blob, nowMs);
}

/** Reads what is new in a blob. Throws only when it is told to stop. */
export async function* readBlob(
  { blob, container, place = [0, ''] }: DueBlob,
  options: ReadBlobOptions,
  signal: AbortSignal,
): AsyncGenerator<Step, void> {
  const { hour, contentCreated } = toBlobHour(blob.name, blob.modifiedMs);
  const listed: Batch = { kind: 'listed', hour, count: 1, earliestExpiry: new Date(8.64e15).toISOString() };
  const fetched: Batch = { kind: 'ended', id: blob.id, hour, outcome: { kind: 'fetched' } };
  const read = (offset: number, etag: string): Step => ({ kind: 'read', key: blob.key, place: [offset, etag] });
  const records = (elements: readonly Element[]): Batch => {
    const counts = { seen: elements.length, foreign: 0 };
    return { kind: 'records', item: blob.id, hour, contentCreated, ...counts, elements };
  };
  const lost = (reason: string): Batch => {
    const outcome = { kind: 'expired', reason: `${blob.id}: ${reason}` } as const;
    return { kind: 'ended', id: blob.id, hour, outcome };
  };
  const from = offsetIn(blob, place);
  let body: Body | undefined;

  try {
    const range = { offset: from, ...(blob.isAppend && { count: blob.length - from }) };
    const opened = await container.open(blob, range, signal);
    if (!opened.ok) {
      yield listed;
      yield lost(opened.reason);
      yield read(from, blob.etag);
      return;
    }
    body = await readBody(opened.bytes, { signal });
    const isLines = from > 0 || firstOf(body.head) === BRACE;
    if (blob.isAppend && isLines) yield* readGrowing(body);
    // One that is still being written is opened again at the next pass.
    else if (!blob.isAppend || options.nowMs - blob.modifiedMs > FILE_QUIET_MS) yield* readFile(body, opened.etag);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof BrokenOff) {
      const problem = `${blob.id}: broke off (${error.message}): goes on at the next pass`;
      yield { kind: 'trouble', of: 'blob', problem };
    } else if (error instanceof SourceError) yield { kind: 'trouble', of: 'container', problem: error.message };
    else throw error;
  } finally {
    body?.close();
  }

  async function* readGrowing({ bytes }: Body): AsyncGenerator<Step, void> {
    const tail = isTailDue(blob, options.nowMs) ? 'take' : 'wait';
    let offset = from;
    try {
      for await (const part of readLines(bytes, { format: options.format, tail })) {
        if (offset === from) yield listed;
        if (part.elements.length > 0) yield records(part.elements);
        offset = from + part.bytes;
        yield read(offset, '');
      }
    } catch (error) {
      signal.throwIfAborted();
      // What was read before it broke off is read.
      if (offset > from) yield fetched;
      throw error;
    }
    if (offset > from) yield fetched;
    // An ETag beside no bytes stands for a file that was read whole.
    yield read(offset, offset === 0 ? '' : blob.etag);
  }

  async function* readFile(whole: Body, etag: string): AsyncGenerator<Step, void> {
    yield listed;
    let ended: Batch = fetched;
    try {
      for await (const elements of readWhole(whole, options.format)) yield records(elements);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof BrokenOff) throw error;
      const why = error instanceof Error ? error.message : String(error);
      ended = lost(`${why}: what came before is collected; put a whole file in its place, or take it away`);
    }
    yield ended;
    yield read(0, etag);
  }
}

/** The first byte that is neither space nor byte order mark; gzip has none that counts. */
function firstOf(head: Buffer | undefined): number | undefined {
  if (isGzip(head)) return undefined;
  return head?.find((byte) => byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf);
}
