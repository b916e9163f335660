/** One blob: what is new in it, and how far it is read then. */
import { type Batch, SourceError } from '../../contracts.ts';
import { toBlobHour } from './blob-hour.ts';
import type { ExportBlob, ExportContainer } from './blobs.ts';
import { type Body, BrokenOff, readBody } from './body.ts';
import type { BlobPlace } from './place.ts';
import { isMeant } from '../../formats/decode.ts';
import { isGzip } from '../../formats/gzip.ts';
import { readLines } from './read-lines.ts';
import { type Piece, readWhole } from './read-whole.ts';
import type { Rows } from './rows.ts';
import { unreadTally } from './unread-tally.ts';

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
  readonly rows: Rows;
  /** When the pass began, epoch milliseconds. */
  readonly nowMs: number;
}

// Append blobs get whole blocks, and a producer goes on at once: what rests for an hour is a file as it will stay.
const FILE_QUIET_MS = 3_600_000;
// A line without end is most likely one that will go on; Defender was seen to append 13 hours after the hour.
const TAIL_QUIET_MS = 24 * 3_600_000;
const BRACE = 0x7b;
const LF = 0x0a;

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
  const listed: Batch = { kind: 'listed', hour, count: 1, earliestExpiry: null };
  const read = (offset: number, etag: string): Step => ({ kind: 'read', key: blob.key, place: [offset, etag] });
  const tally = unreadTally(blob);
  const records = ({ seen, foreign, elements }: Piece): Batch => {
    return { kind: 'records', item: blob.id, hour, contentCreated, seen, foreign, elements };
  };
  const fetched = (): Batch => ({
    kind: 'ended',
    id: blob.id,
    hour,
    outcome: { kind: 'fetched' },
    unread: tally.some(),
  });
  const lost = (reason: string): Batch => {
    const outcome = { kind: 'expired', reason: `${blob.id}: ${reason}` } as const;
    return { kind: 'ended', id: blob.id, hour, outcome, unread: tally.whole(reason) };
  };
  const known = offsetIn(blob, place);
  // With the byte before, which tells that this is still the blob that was read.
  const from = Math.max(0, known - 1);
  let body: Body | undefined;

  try {
    const range = { offset: from, ...(blob.isAppend && { count: blob.length - from }) };
    const opened = await container.open(blob, range, signal);
    if (!opened.ok) {
      yield listed;
      yield lost(opened.reason);
      yield read(known, blob.etag);
      return;
    }
    tally.setEtag(opened.etag);
    body = await readBody(opened.bytes, { signal });
    if (known > 0 && body.head?.[0] !== LF) {
      // Made anew under its name, or its last line was taken before it had an end: known records are dropped.
      body.close();
      yield* readBlob({ blob, container, place: undefined }, options, signal);
      return;
    }
    const isLines = known > 0 || firstOf(body.head) === BRACE;
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
    let offset = known;
    try {
      for await (const part of readLines(bytes, { rows: options.rows, tail })) {
        if (from + part.bytes === known) continue;
        if (offset === known) yield listed;
        const { broken } = part;
        tally.note(part, broken && { from: from + broken.from, to: from + broken.to });
        if (part.seen > 0) yield records(part);
        offset = from + part.bytes;
        // What could not be read is named when the blob ends: a pass that ends before must meet it again.
        if (tally.some() === undefined) yield read(offset, '');
      }
    } catch (error) {
      signal.throwIfAborted();
      // What was read before it broke off is read.
      if (offset > known) {
        yield fetched();
        yield read(offset, '');
      }
      throw error;
    }
    if (offset > known) yield fetched();
    // An ETag beside no bytes stands for a file that was read whole.
    yield read(offset, offset === 0 ? '' : blob.etag);
  }

  async function* readFile(content: Body, etag: string): AsyncGenerator<Step, void> {
    yield listed;
    let why: string | undefined;
    try {
      for await (const piece of readWhole(content, options.rows)) {
        tally.note(piece);
        yield records(piece);
      }
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof BrokenOff) throw error;
      why = error instanceof Error ? error.message : String(error);
    }
    const remedy = 'what came before is collected; put a whole file in its place, or take it away';
    yield why === undefined ? fetched() : lost(`${why}: ${remedy}`);
    yield read(0, etag);
  }
}

/** The first byte that is neither space nor byte order mark; gzip has none that counts. */
function firstOf(head: Buffer | undefined): number | undefined {
  if (isGzip(head)) return undefined;
  return head?.find(isMeant);
}
