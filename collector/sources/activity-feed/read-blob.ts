/** A blob's body as batches of records, without ever holding the body. */
import type { Readable } from 'node:stream';
import type { Batch, Element, Hour } from '../../contracts.ts';
import { elementCutter } from '../../records/element-cutter.ts';
import { mayBeCopilot } from '../../records/may-be-copilot.ts';
import type { RecordTypeOptions } from '../../records/record-types.ts';

/** The batch that carries records. */
export type RecordsBatch = Extract<Batch, { kind: 'records' }>;

// Sixteen blobs may be open at once, each a batch ahead.
const BATCH_BYTES = 256 * 1024;
// No maximum is published: a record that would not fit the memory of a small container is counted, not parsed.
const MAX_ELEMENT_BYTES = 8 * 1024 * 1024;
const MAX_BODY_BYTES = 512 * 1024 * 1024;

/** Where a body comes from. */
export interface BlobOrigin {
  readonly id: string;
  readonly hour: Hour;
  readonly contentCreated: string;
}

/**
 * Yields the elements of a JSON array in batches. Throws a MalformedBody or the stream's own error; earlier batches stay
 * valid.
 */
export async function* readBlob(
  body: Readable,
  { id, hour, contentCreated }: BlobOrigin,
  options: RecordTypeOptions,
): AsyncGenerator<RecordsBatch, void> {
  let held: (Buffer | number)[] = [];
  let seen = 0;
  let foreign = 0;
  let heldBytes = 0;
  let bodyBytes = 0;

  const cutter = elementCutter({
    maxElementBytes: MAX_ELEMENT_BYTES,
    onElement: (element) => {
      seen++;
      if (!mayBeCopilot(element, options)) {
        foreign++;
        return;
      }
      held.push(Buffer.from(element));
      heldBytes += element.length;
    },
    onOversize: (bytes) => {
      seen++;
      held.push(bytes);
    },
  });

  const take = (): RecordsBatch => {
    const batch: RecordsBatch = {
      kind: 'records',
      item: id,
      hour,
      contentCreated,
      seen,
      foreign,
      elements: parsed(held),
    };
    held = [];
    seen = foreign = heldBytes = 0;
    return batch;
  };

  for await (const chunk of body) {
    const bytes: Uint8Array = chunk;
    bodyBytes += bytes.length;
    if (bodyBytes > MAX_BODY_BYTES) throw new Error(`body is longer than ${MAX_BODY_BYTES} bytes after inflation`);
    cutter.push(bytes);
    if (heldBytes >= BATCH_BYTES) yield take();
  }
  cutter.end();
  if (seen > 0) yield take();
}

/** Parses one element after the other; a number stands for an element of so many bytes that was not kept. */
function* parsed(held: readonly (Buffer | number)[]): Iterable<Element> {
  for (const element of held) {
    if (typeof element === 'number')
      yield { ok: false, bytes: element, reason: `longer than ${MAX_ELEMENT_BYTES} bytes` };
    else yield parseElement(element);
  }
}

function parseElement(bytes: Buffer): Element {
  try {
    return { ok: true, value: JSON.parse(bytes.toString('utf8')) };
  } catch {
    // The parser's own message would quote the record.
    return { ok: false, bytes: bytes.length, reason: 'not valid JSON' };
  }
}
