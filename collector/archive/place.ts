/** Where an archive lies: objects that are written once, whole, and never changed. */
import { createHash } from 'node:crypto';

/** The archive could not be written or read; the message names the place, the reason and the remedy. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
}

/**
 * A few primitives, the same on disk and in Azure Blob Storage. Every method rejects with an ArchiveError, or with the
 * reason of the signal.
 */
export interface ArchivePlace {
  /** How errors name the place: a directory or a URL. */
  readonly name: string;
  /** Resolves when the object is durable. One of that name that exists has the same content: names carry its hash. */
  put(name: string, bytes: Uint8Array, signal: AbortSignal): Promise<void>;
  /** Names of the objects, oldest hour first; other files that lie there are left out. */
  list(signal: AbortSignal): Promise<readonly string[]>;
  /** The bytes of an object as they come. */
  read(name: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

const OBJECT = /^(\d{4})\/(\d\d)\/(\d\d)\/(\d\d)\/\d{8}T\d{9}Z-([0-9a-f]{64})\.ndjson\.gz$/;

/**
 * `YYYY/MM/DD/HH/<time>-<SHA-256 of the bytes>.ndjson.gz`, in UTC: the hour in which it was written, right after its
 * records were collected. The hash makes a repeated write harmless, and shows whether an object is still what was written.
 */
export function objectName(bytes: Uint8Array, writtenMs: number): string {
  const iso = new Date(writtenMs).toISOString();
  const hour = `${iso.slice(0, 10).replaceAll('-', '/')}/${iso.slice(11, 13)}`;
  const hash = createHash('sha256').update(bytes).digest('hex');
  return `${hour}/${iso.replaceAll(/[-:.]/g, '')}-${hash}.ndjson.gz`;
}

/** The hour of an object's name, in milliseconds since 1970; undefined when the name is none of an archive. */
export function hourOfObject(name: string): number | undefined {
  const [, year = '', month = '', day = '', hour = ''] = OBJECT.exec(name) ?? [];
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:00:00Z`);
  return ms >= 0 ? ms : undefined;
}

/** The SHA-256, as hex, that the name of an object says its bytes have. */
export const hashOfObject = (name: string): string => OBJECT.exec(name)?.[5] ?? '';

/** Those that are objects of an archive, in the order in which they were written. */
export const objectsOf = (names: readonly string[]): readonly string[] =>
  names.filter((name) => hourOfObject(name) !== undefined).toSorted();
