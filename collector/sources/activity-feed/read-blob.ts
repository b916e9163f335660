/** A blob's body as batches of records, without ever holding the body. */
import type { Readable } from 'node:stream';
import type { Batch, BrokenElement, Hour } from '../../contracts.ts';
import { elementCutter } from '../../records/element-cutter.ts';
import { mayBeCopilot } from '../../records/may-be-copilot.ts';
import type { RecordTypeOptions } from '../../records/record-types.ts';

/** The batch that carries records. */
export type RecordsBatch = Extract<Batch, { kind: 'records' }>;

// Parsed records weigh several times their text; 16 blobs may be open at once.
const BATCH_BYTES = 256 * 1024;
// No maximum is published: a record that would not fit the memory of a small container is counted, not parsed.
const MAX_ELEMENT_BYTES = 16 * 1024 * 1024;
const MAX_BODY_BYTES = 512 * 1024 * 1024;

/** Where a body comes from. */
export interface BlobOrigin {
  readonly id: string;
  readonly hour: Hour;
  readonly contentCreated: string;
}

/** Yields the elements of a JSON array in batches. Throws a MalformedBody or the stream's own error; earlier batches stay valid. */
export async function* readBlob(
  body: Readable,
  { id, hour, contentCreated }: BlobOrigin,
  options: RecordTypeOptions,
): AsyncGenerator<RecordsBatch, void> {
  let records: unknown[] = [];
  let broken: BrokenElement[] = [];
  let seen = 0;
  let foreign = 0;
  let heldBytes = 0;
  let index = 0;
  let bodyBytes = 0;
  const spoil = (bytes: number, reason: string): void =>
    void broken.push({ blob: id, index: index - 1, bytes, reason });

  const cutter = elementCutter({
    maxElementBytes: MAX_ELEMENT_BYTES,
    onElement: (element) => {
      seen++;
      index++;
      if (!mayBeCopilot(element, options)) {
        foreign++;
        return;
      }
      try {
        records.push(JSON.parse(Buffer.from(element.buffer, element.byteOffset, element.length).toString('utf8')));
        heldBytes += element.length;
      } catch {
        // The parser's own message would quote the record.
        spoil(element.length, 'not valid JSON');
      }
    },
    onOversize: (bytes) => {
      seen++;
      index++;
      spoil(bytes, `longer than ${MAX_ELEMENT_BYTES} bytes`);
    },
  });

  const take = (): RecordsBatch => {
    const batch: RecordsBatch = { kind: 'records', hour, contentCreated, seen, foreign, records, broken };
    records = [];
    broken = [];
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
