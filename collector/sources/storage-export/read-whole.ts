/** Files that are read from their beginning to their end: arrays, CSV, JSON Lines, and gzip of each. */
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Element } from '../../contracts.ts';
import { decode } from '../../formats/decode.ts';
import type { Body } from './body.ts';
import { type ExportFormat, toElements } from './rows.ts';

const BATCH = 500;

/** True when the bytes begin like gzip. */
export const isGzip = (head: Buffer | undefined): boolean => head?.[0] === 0x1f && head[1] === 0x8b;

/**
 * Reads a file. Rejects when it is of no known form or ends before its end; what was yielded before stays valid. A body
 * that broke off on its way rejects with its own error.
 */
export async function* readWhole(
  { head, bytes }: Body,
  format: ExportFormat,
): AsyncGenerator<readonly Element[], void> {
  const source = Readable.from(bytes, { objectMode: false });
  const plain = isGzip(head) ? pipeline(source, createGunzip(), () => undefined) : source;
  let elements: Element[] = [];
  let failure: unknown;
  try {
    for await (const element of decode(plain)) {
      if (element.ok) elements.push(...toElements(element.value, format));
      else elements.push(element);
      if (elements.length >= BATCH) {
        yield elements;
        elements = [];
      }
    }
  } catch (error) {
    failure = error;
  } finally {
    plain.destroy();
    source.destroy();
  }
  if (elements.length > 0) yield elements;
  if (failure !== undefined) throw failure;
}
