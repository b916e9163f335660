/** A blob's body as batches of records, without ever holding the body. */
import type { Readable } from 'node:stream';
import type { Batch, Element, Hour } from '../../contracts.ts';
import { elementCutter } from '../../records/element-cutter.ts';
import { mayBeCopilot } from '../../records/may-be-copilot.ts';
import type { RecordTypeOptions } from '../../records/record-types.ts';

/** The batch that carries records. */
export type RecordsBatch = Extract<Batch, { kind: 'records' }>;

// Sixteen blobs may be open at once, each a batch ahead.
const BATCH_BYTES = 64 * 1024;
// A batch and the chunk that completes it.
const SLAB_BYTES = 144 * 1024;
// No maximum is published: a record that would not fit the memory of a small container is counted, not parsed.
const MAX_ELEMENT_BYTES = 8 * 1024 * 1024;
const MAX_BODY_BYTES = 512 * 1024 * 1024;

/** Where a body comes from. */
export interface BlobOrigin {
  readonly id: string;
  readonly hour: Hour;
  readonly contentCreated: string;
  /** What stands before a break is given at the last try only: at each try it would be counted again. */
  readonly isLastTry: boolean;
}

/**
 * Reads bodies of blobs as batches of their elements. Throws a MalformedBody or the stream's own error; earlier batches
 * stay valid.
 */
export type BlobReader = (body: Readable, origin: BlobOrigin) => AsyncGenerator<RecordsBatch, void>;

/** Where elements lie in a slab, or the length of one that was not kept. */
type Held = readonly [from: number, to: number] | number;

/** A reader that uses its memory again: at 100 MB a second, garbage would outgrow the records. */
export function blobReader(options: RecordTypeOptions): BlobReader {
  const free: Buffer[] = [];

  /** Parses one element after the other, and gives the slab back after the last. */
  function* parsed(slab: Buffer, held: readonly Held[]): Iterable<Element> {
    for (const place of held) {
      if (typeof place === 'number') {
        yield { ok: false, bytes: place, reason: `longer than ${MAX_ELEMENT_BYTES} bytes` };
      } else yield parseElement(slab, ...place);
    }
    if (slab.length === SLAB_BYTES) free.push(slab);
  }

  return async function* (body, { id, hour, contentCreated, isLastTry }) {
    let slab = free.pop() ?? Buffer.allocUnsafeSlow(SLAB_BYTES);
    let used = 0;
    let held: Held[] = [];
    let seen = 0;
    let foreign = 0;
    let bodyBytes = 0;

    const keep = (element: Uint8Array): void => {
      const end = used + element.length;
      if (end > slab.length) {
        const longer = Buffer.allocUnsafeSlow(Math.max(end, 2 * slab.length));
        longer.set(slab.subarray(0, used));
        slab = longer;
      }
      slab.set(element, used);
      held.push([used, end]);
      used = end;
    };
    const cutter = elementCutter({
      maxElementBytes: MAX_ELEMENT_BYTES,
      onElement: (element) => {
        seen++;
        if (mayBeCopilot(element, options)) keep(element);
        else foreign++;
      },
      onOversize: (bytes) => {
        seen++;
        held.push(bytes);
      },
    });
    const take = (): RecordsBatch => {
      const elements = parsed(slab, held);
      const batch: RecordsBatch = { kind: 'records', item: id, hour, contentCreated, seen, foreign, elements };
      slab = free.pop() ?? Buffer.allocUnsafeSlow(SLAB_BYTES);
      held = [];
      seen = foreign = used = 0;
      return batch;
    };

    let failure: unknown;
    try {
      for await (const chunk of body) {
        const bytes: Uint8Array = chunk;
        bodyBytes += bytes.length;
        if (bodyBytes > MAX_BODY_BYTES) throw new Error(`body is longer than ${MAX_BODY_BYTES} bytes after inflation`);
        cutter.push(bytes);
        if (used >= BATCH_BYTES) yield take();
      }
      cutter.end();
    } catch (error) {
      if (!isLastTry) throw error;
      failure = error;
    }
    if (seen > 0) yield take();
    if (slab.length === SLAB_BYTES) free.push(slab);
    if (failure !== undefined) throw failure;
  };
}

function parseElement(slab: Buffer, from: number, to: number): Element {
  try {
    return { ok: true, value: JSON.parse(slab.toString('utf8', from, to)) };
  } catch {
    // The parser's own message would quote the record.
    return { ok: false, bytes: to - from, reason: 'not valid JSON' };
  }
}
