/** Compressed exports. */
import { createGunzip } from 'node:zlib';
import { through } from './through.ts';

// A piece can become a thousand times as long, and what it becomes waits in memory.
const PIECE_BYTES = 4096;

/** True when bytes begin like gzip. */
export const isGzip = (head: Uint8Array | undefined): boolean => head?.[0] === 0x1f && head[1] === 0x8b;

/** The content of gzip, of one member or several; what could be inflated comes before the error of what could not. */
export async function* inflated(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  for await (const part of through(chunks, createGunzip(), PIECE_BYTES)) if (part instanceof Uint8Array) yield part;
}
