/** Bytes of an export -> audit records, whichever of the usual forms they have. */
import { PassThrough, pipeline, type Readable } from 'node:stream';
import { parse as parseCsv } from 'csv-parse';
import type { Element } from '../contracts.ts';
import { elementCutter } from '../records/element-cutter.ts';

// A thousand times a usual record.
const MAX_RECORD_BYTES = 8 * 1024 * 1024;
const OPEN_LIST = 0x5b;
const OPEN_OBJECT = 0x7b;

/** Reads an export. Rejects when it is of no known form or breaks off; what was yielded before stays valid. */
export async function* decode(bytes: Readable): AsyncGenerator<Element, void> {
  const { first, rest } = await peek(bytes);
  if (first === undefined) return;
  if (first === OPEN_LIST) yield* fromArray(rest);
  else if (first === OPEN_OBJECT) yield* fromLines(rest);
  else yield* fromCsv(rest);
}

/** The first byte that is neither space nor byte order mark, and the same stream from its beginning. */
async function peek(bytes: Readable): Promise<{ first: number | undefined; rest: Readable }> {
  const held: Buffer[] = [];
  const reader: AsyncIterator<unknown> = bytes[Symbol.asyncIterator]();
  for (;;) {
    const next = await reader.next();
    if (next.done === true) return { first: undefined, rest: bytes };
    if (!(next.value instanceof Uint8Array)) continue;
    const chunk = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.length);
    held.push(chunk);
    const first = chunk.find((byte) => byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf);
    if (first === undefined) continue;
    const rest = new PassThrough();
    const replay = async function* (): AsyncGenerator<unknown, void> {
      yield* held;
      for (let more = await reader.next(); more.done !== true; more = await reader.next()) yield more.value;
    };
    return { first, rest: pipeline(replay, rest, () => undefined) };
  }
}

/** The records of one JSON text: a page of Microsoft Graph holds several. */
function* parsed(text: string): Iterable<Element> {
  let values: readonly unknown[];
  try {
    values = unwrapped(JSON.parse(text));
  } catch {
    yield { ok: false, bytes: Buffer.byteLength(text), reason: 'not valid JSON' };
    return;
  }
  for (const value of values) yield { ok: true, value };
}

/** Records of Microsoft Graph carry the audit record inside; its envelope crosses the user fields and is not used. */
function unwrapped(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [value];
  if ('value' in value && Array.isArray(value.value)) return value.value.flatMap(unwrapped);
  if (!('auditData' in value)) return [value];
  const { auditData } = value;
  return [typeof auditData === 'string' ? JSON.parse(auditData) : auditData];
}

async function* fromArray(stream: Readable): AsyncGenerator<Element, void> {
  let found: Element[] = [];
  const cutter = elementCutter({
    maxElementBytes: MAX_RECORD_BYTES,
    onElement: (element) => void found.push(...parsed(Buffer.from(element).toString('utf8'))),
    onOversize: (bytes) => void found.push({ ok: false, bytes, reason: 'too long to be a record' }),
  });
  let failure: unknown;
  try {
    for await (const chunk of stream) {
      cutter.push(chunk);
      yield* found;
      found = [];
    }
    cutter.end();
  } catch (error) {
    failure = error;
  }
  yield* found;
  if (failure !== undefined) throw failure;
}

/** One record a line; a line that is too long is counted and skipped without being held. */
async function* fromLines(stream: Readable): AsyncGenerator<Element, void> {
  let held: Buffer[] = [];
  let bytes = 0;
  const keep = (part: Buffer): void => {
    bytes += part.length;
    if (bytes <= MAX_RECORD_BYTES) held.push(part);
    else held = [];
  };
  function* line(): Iterable<Element> {
    if (bytes > MAX_RECORD_BYTES) yield { ok: false, bytes, reason: 'too long to be a record' };
    else {
      const text = Buffer.concat(held)
        .toString('utf8')
        .replace(/^\uFEFF/, '')
        .trim();
      if (text !== '') yield* parsed(text);
    }
    held = [];
    bytes = 0;
  }
  let isKnown = false;
  for await (const element of linesOf()) {
    isKnown ||= element.ok;
    yield element;
  }
  // Most likely one object written over many lines.
  if (!isKnown) throw new Error('no line is a JSON object: write one record to a line, or an array');

  async function* linesOf(): AsyncGenerator<Element, void> {
    for await (const chunk of stream) {
      let rest: Buffer = chunk;
      for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
        keep(rest.subarray(0, end));
        yield* line();
        rest = rest.subarray(end + 1);
      }
      keep(rest);
    }
    yield* line();
  }
}

async function* fromCsv(stream: Readable): AsyncGenerator<Element, void> {
  const rows = pipeline(
    stream,
    // A cell holds a whole record. A row whose quoting is broken ends the file, because nobody knows where it ends.
    parseCsv({ columns: true, bom: true, relax_column_count: true, max_record_size: MAX_RECORD_BYTES }),
    () => undefined,
  );
  for await (const row of rows) {
    const cell: unknown = row.AuditData ?? row.auditData;
    if (typeof cell !== 'string') {
      throw new Error('neither JSON nor an audit export with a column AuditData');
    }
    yield* parsed(cell);
  }
}
