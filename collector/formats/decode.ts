/** Bytes of an export -> audit records, whichever of the usual forms they have. */
import { CsvError, parse as parseCsv } from 'csv-parse';
import type { Element } from '../contracts.ts';
import { elementCutter } from '../records/element-cutter.ts';
import { isObject } from '../records/json-value.ts';
import { inflated, isGzip } from './gzip.ts';
import { type Bytes, peek } from './peek.ts';
import { through } from './through.ts';

// A thousand times a usual record.
const MAX_RECORD_BYTES = 8 * 1024 * 1024;
const MAX_BLANK_BYTES = 64 * 1024;
const OPEN_LIST = 0x5b;
const OPEN_OBJECT = 0x7b;
const LF = 0x0a;

/** How an export is read. */
export interface DecodeOptions {
  /** True for the bytes of a JSON object that need not be parsed: `foreign` stands in its place. */
  readonly isForeign?: (object: Uint8Array) => boolean;
}

/** What stands for an object that was not parsed; it is no record of anybody. */
export const foreign: Element = { ok: true, value: null };

/**
 * Reads an export: an array or lines of JSON, or a CSV with a column AuditData, compressed with gzip or not. Rejects when
 * it is of no known form or breaks off, after everything that came before.
 */
export async function* decode(bytes: Bytes, options: DecodeOptions = {}): AsyncGenerator<Element, void> {
  const start = await peek(bytes, (chunk) => chunk.length > 1);
  const plain = isGzip(start.head) ? inflated(start.bytes) : start.bytes;
  const { head, bytes: rest } = await peek(plain, (chunk) => chunk.length > MAX_BLANK_BYTES || chunk.some(isMeant));
  const first = head.find(isMeant);
  // Read on: the error that ended it so early is in there.
  if (first === undefined && head.length <= MAX_BLANK_BYTES) await Array.fromAsync(rest);
  else if (first === OPEN_LIST) yield* fromArray(rest, options);
  else if (first === OPEN_OBJECT) yield* fromLines(rest, options);
  else yield* fromCsv(rest);
}

/** True for a byte that is neither space nor part of a byte order mark. */
export const isMeant = (byte: number): boolean => byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf;

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

const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');

async function* fromArray(bytes: Bytes, { isForeign }: DecodeOptions): AsyncGenerator<Element, void> {
  let found: Element[] = [];
  const cutter = elementCutter({
    maxElementBytes: MAX_RECORD_BYTES,
    onElement: (element) => {
      if (isForeign?.(element) === true) found.push(foreign);
      else found.push(...parsed(textOf(element)));
    },
    onOversize: (length) => void found.push({ ok: false, bytes: length, reason: 'too long to be a record' }),
  });
  let failure: unknown;
  try {
    for await (const chunk of bytes) {
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
async function* fromLines(bytes: Bytes, { isForeign }: DecodeOptions): AsyncGenerator<Element, void> {
  let held: Uint8Array[] = [];
  let length = 0;
  const keep = (part: Uint8Array): void => {
    length += part.length;
    if (length <= MAX_RECORD_BYTES) held.push(part);
    else held = [];
  };
  function* line(): Iterable<Element> {
    const [only = Buffer.alloc(0)] = held;
    if (length > MAX_RECORD_BYTES) yield { ok: false, bytes: length, reason: 'too long to be a record' };
    else if (length > 0) {
      const whole = held.length > 1 ? Buffer.concat(held) : only;
      // `trim` takes a byte order mark off as well.
      const text = isForeign?.(whole) === true ? undefined : textOf(whole).trim();
      if (text === undefined) yield foreign;
      else if (text !== '') yield* parsed(text);
    }
    held = [];
    length = 0;
  }
  let isKnown = false;
  for await (const element of linesOf()) {
    isKnown ||= element.ok;
    yield element;
  }
  // Most likely one object written over many lines.
  if (!isKnown) throw new Error('no line is a JSON object: write one record to a line, or an array');

  async function* linesOf(): AsyncGenerator<Element, void> {
    for await (const chunk of bytes) {
      let from = 0;
      for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, from)) {
        keep(chunk.subarray(from, end));
        yield* line();
        from = end + 1;
      }
      keep(chunk.subarray(from));
    }
    yield* line();
  }
}

async function* fromCsv(bytes: Bytes): AsyncGenerator<Element, void> {
  // A cell holds a whole record. A row whose quoting is broken ends the file, because nobody knows where it ends.
  const table = parseCsv({ columns: true, bom: true, relax_column_count: true, max_record_size: MAX_RECORD_BYTES });
  try {
    for await (const row of through(bytes, table)) {
      const cell: unknown = isObject(row) ? (row['AuditData'] ?? row['auditData']) : undefined;
      if (typeof cell !== 'string') throw new Error('neither JSON nor an audit export with a column AuditData');
      yield* parsed(cell);
    }
  } catch (error) {
    throw withoutContent(error);
  }
}

/** The parser's own message may quote a cell, which may be anybody's. */
const withoutContent = (error: unknown): unknown =>
  error instanceof CsvError
    ? new Error(`neither JSON nor whole CSV: it breaks at line ${String(error['lines'])} (${error.code})`)
    : error;
