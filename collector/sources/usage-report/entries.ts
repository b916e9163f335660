/** The body of a report -> entries, the same from CSV and JSON. */
import { Readable } from 'node:stream';
import { setImmediate as breath } from 'node:timers/promises';
import { parse } from 'csv-parse';
import { isObject } from '../../records/json-value.ts';

/** One line of a report: values by camel-case name, without empty ones. */
export type Entry = ReadonlyMap<string, string | number | boolean>;

/** Entries in the order of the report; null stands for one that is not as long as the header, or no object. */
export type Entries = AsyncIterable<Entry | null>;

const SLICE = 64 * 1024;
const ITEMS_PER_BREATH = 1000;
// Two thousand times a usual record: without a limit an open quote would take all the rest.
const MAX_RECORD_BYTES = 1024 * 1024;

/** The name in JSON of a CSV header: `Copilot Chat (work) Active Users` is `copilotChatWorkActiveUsers` there. */
export function toName(header: string): string {
  const words = header.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  return words
    .map((word, at) => (at === 0 ? word.charAt(0).toLowerCase() : word.charAt(0).toUpperCase()) + word.slice(1))
    .join('');
}

/** The entries of a CSV text; undefined when it is no report, or breaks off within a quoted cell. */
export async function csvEntries(text: string, signal: AbortSignal): Promise<Entries | undefined> {
  // Read twice: half a report must not pass for a whole one.
  try {
    let header: readonly string[] | undefined;
    for await (const cells of recordsOf(text, signal)) header ??= cells;
    if (header?.some((name) => toName(name) === 'reportRefreshDate') !== true) return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_')) return undefined;
    throw error;
  }
  return fromCsv(text, signal);
}

async function* fromCsv(text: string, signal: AbortSignal): AsyncGenerator<Entry | null, void> {
  let names: readonly string[] | undefined;
  for await (const cells of recordsOf(text, signal)) {
    if (names === undefined) names = cells.map(toName);
    else yield toEntry(names, cells);
  }
}

function toEntry(names: readonly string[], cells: readonly string[]): Entry | null {
  // Cut off, or a comma without quotes: nobody knows which cell is which.
  if (cells.length < names.length || cells.slice(names.length).some((cell) => cell !== '')) return null;
  return entryOf(names.map((name, at) => [name, cells[at]]));
}

async function* recordsOf(text: string, signal: AbortSignal): AsyncGenerator<readonly string[], void> {
  const parser = parse({
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    trim: true,
    max_record_size: MAX_RECORD_BYTES,
  });
  const input = Readable.from(slicesOf(text, signal));
  input.on('error', (error) => parser.destroy(error));
  try {
    for await (const cells of input.pipe(parser)) yield cells;
  } finally {
    input.destroy();
  }
}

/** A text of many megabytes must not keep probes, leases and an abort waiting. */
async function* slicesOf(text: string, signal: AbortSignal): AsyncGenerator<string, void> {
  for (let at = 0; at < text.length; at += SLICE) {
    await breath();
    signal.throwIfAborted();
    yield text.slice(at, at + SLICE);
  }
}

/** The entries of a collection. */
export async function* jsonEntries(items: readonly unknown[]): AsyncGenerator<Entry | null, void> {
  for (const [at, item] of items.entries()) {
    if (at % ITEMS_PER_BREATH === 0) await breath();
    if (isObject(item)) yield* flattened(item);
    else yield null;
  }
}

/** Products, days and periods are lists within an item: each element is an entry, with what stands around it. */
function flattened(item: Readonly<Record<string, unknown>>): readonly Entry[] {
  const around = Object.entries(item);
  const inner = around.flatMap(([, value]) => (Array.isArray(value) ? value.filter(isObject) : []));
  if (inner.length === 0) return [entryOf(around)];
  return inner.map((element) => entryOf([...Object.entries(element), ...around]));
}

/** Of two values of one name the first counts. */
function entryOf(values: readonly (readonly [name: string, value: unknown])[]): Entry {
  const entry = new Map<string, string | number | boolean>();
  for (const [name, raw] of values) {
    const value = toValue(raw);
    if (value !== null && name !== '' && !name.includes('@odata.') && !entry.has(name)) entry.set(name, value);
  }
  return entry;
}

function toValue(value: unknown): string | number | boolean | null {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'string') return null;
  const text = value.trim().toWellFormed();
  if (text === '') return null;
  // A user may be called 007: only what a number would be written as is one.
  return /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,9})?$/.test(text) ? Number(text) : text;
}
