/** How far each blob is read. Pure. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Cursor } from '../../contracts.ts';
import { type ExportFormat, exportFormats } from './formats.ts';

// Offset in bytes, and the ETag up to which there is nothing more to read; empty while there may be.
const entry = z.tuple([z.number().int().nonnegative(), z.string()]).readonly();

const cursor = z.object({
  version: z.literal(1),
  format: z.enum(exportFormats),
  readUpToMs: z.number().int().nullable(),
  blobs: z.record(z.string(), entry),
});

/** How far a blob is read: bytes from its beginning, and the ETag it had when nothing was left to read. */
export type BlobPlace = Readonly<z.infer<typeof entry>>;

/** Where the source stands; travels through the state as an opaque cursor. */
export interface Place {
  /** The format by which all of it was read: what another would find in the same blobs is not known. */
  readonly format: ExportFormat;
  /** When the newest listing was made of which everything was read. */
  readonly readUpToMs: number | null;
  /** By key of the blob. */
  readonly blobs: ReadonlyMap<string, BlobPlace>;
}

/** Reads a cursor; without one, where reading by `format` begins. Throws on a cursor of another source or version. */
export function toPlace(text: Cursor | undefined, format: ExportFormat): Place {
  if (text === undefined) return { format, readUpToMs: null, blobs: new Map() };
  const found = cursor.parse(JSON.parse(text));
  return { format: found.format, readUpToMs: found.readUpToMs, blobs: new Map(Object.entries(found.blobs)) };
}

/** The place as a cursor: about 50 bytes a blob. */
export function toCursor({ format, readUpToMs, blobs }: Place): Cursor {
  return JSON.stringify({ version: 1, format, readUpToMs, blobs: Object.fromEntries(blobs) });
}

/** Names a blob in the cursor; one that is deleted and made anew has another key. 96 bits: paths are long, and many. */
export const keyOf = (url: string, createdMs: number): string =>
  createHash('sha256').update(`${createdMs} ${url}`).digest('base64url').slice(0, 16);
