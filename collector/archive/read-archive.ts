/** Reads an archive back. */
import { createHash, type Hash } from 'node:crypto';
import { inflated } from '../formats/gzip.ts';
import { type ArchivedRecord, toArchivedRecord } from './archived-record.ts';
import { ArchiveError, type ArchivePlace, hashOfObject, hourOfObject } from './place.ts';

// As many as are written at once.
const BATCH = 500;

/** Hours in which objects were written, in milliseconds since 1970; the end is left out. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A part of an object: records in the order in which they were written, and lines that hold none. */
export interface ArchivePart {
  readonly object: string;
  /** Hour in which it was written, in milliseconds since 1970. */
  readonly hourMs: number;
  readonly records: readonly ArchivedRecord[];
  readonly unreadable: number;
  /** Why the object is not what was written: at its end, or where what follows is lost. */
  readonly problem?: string;
}

/**
 * The records of these hours, oldest object first; an object that is damaged gives what can be read of it. Rejects when
 * the place cannot be read.
 */
export async function* readArchive(
  place: ArchivePlace,
  { fromMs, toMs }: Span,
  signal: AbortSignal,
): AsyncGenerator<ArchivePart, void> {
  for (const object of await place.list(signal)) {
    const hourMs = hourOfObject(object);
    // A span may begin within an hour.
    if (hourMs === undefined || hourMs + 3_600_000 <= fromMs || hourMs >= toMs) continue;
    signal.throwIfAborted();
    yield* partsOf(place, object, hourMs, signal);
  }
}

async function* partsOf(
  place: ArchivePlace,
  object: string,
  hourMs: number,
  signal: AbortSignal,
): AsyncGenerator<ArchivePart, void> {
  let records: ArchivedRecord[] = [];
  let unreadable = 0;
  const part = (problem?: string): ArchivePart => {
    const taken = { object, hourMs, records, unreadable, ...(problem !== undefined && { problem }) };
    records = [];
    unreadable = 0;
    return taken;
  };
  let problem: string | undefined;
  const hash = createHash('sha256');
  try {
    for await (const line of linesOf(noted(place.read(object, signal), hash))) {
      const record = toArchivedRecord(line);
      if (record === undefined) unreadable++;
      else records.push(record);
      if (records.length >= BATCH) yield part();
    }
    // Members of gzip tell of damage in them, not of whole ones that are gone.
    if (hash.digest('hex') !== hashOfObject(object))
      problem = 'its bytes are not those that were written: their SHA-256 is not the one in its name';
  } catch (error) {
    if (error instanceof ArchiveError || signal.aborted) throw error;
    problem = error instanceof Error ? error.message : String(error);
  }
  if (records.length > 0 || unreadable > 0 || problem !== undefined) yield part(problem);
}

async function* noted(bytes: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
}

/** Complete lines; of a broken object those before the break, then the error. */
async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of inflated(bytes)) {
    const lines = `${rest}${decoder.decode(chunk, { stream: true })}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
