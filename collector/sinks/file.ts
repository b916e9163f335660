import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sink } from '../contracts.ts';
import { appendDurably, diskError, errorCode } from '../durable-file.ts';
import type { Row, Table } from '../schema/index.ts';
import { toRowText } from './row-text.ts';

const lineFeed = 10;
const tailBytes = 65_536;

/** A file whose last line a crash had cut short, and how many bytes of it were removed. */
export interface Repair {
  readonly path: string;
  readonly bytes: number;
}

interface FileSinkOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Told of each repair, so that somebody says so. */
  readonly onRepair?: (repair: Repair) => void;
  /** `no`: another process may be writing to the same files, and what looks torn may be under way. Default `yes`. */
  readonly repairs?: 'yes' | 'no';
}

/** Cuts off a last line without its LF; returns how many bytes that were. */
async function repairFile(path: string): Promise<number> {
  const handle = await open(path, constants.O_RDWR);
  try {
    const { size } = await handle.stat();
    const tail = Buffer.alloc(tailBytes);
    let end = size;
    // A line can be longer than one look.
    while (end > 0) {
      const start = Math.max(0, end - tailBytes);
      const { bytesRead } = await handle.read(tail, 0, end - start, start);
      const last = tail.subarray(0, bytesRead).lastIndexOf(lineFeed);
      end = last < 0 ? start : start + last + 1;
      if (last >= 0) break;
    }
    if (end < size) {
      await handle.truncate(end);
      await handle.sync();
    }
    return size - end;
  } finally {
    await handle.close();
  }
}

async function namesIn(directory: string, suffix: string): Promise<readonly string[]> {
  try {
    return (await readdir(directory)).filter((name) => name.endsWith(suffix));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** A write that waits for the disk: where its lines lie in the batch, and who is told. */
interface Waiting {
  readonly start: number;
  readonly end: number;
  readonly signal: AbortSignal;
  readonly done: PromiseWithResolvers<void>;
}

/** Lines of one file that the next append takes together. */
interface Batch {
  buffer: Buffer<ArrayBuffer>;
  end: number;
  readonly waiting: Waiting[];
}

// A buffer that one long write has made is not kept.
const KEPT_BYTES = 8 * 1024 * 1024;
const FIRST_BYTES = 1024 * 1024;

/** Writes the rows as lines behind what the batch holds. */
function addLines(batch: Batch, table: Table, rows: readonly Row[], nowMs: number, more: string): void {
  let { buffer, end } = batch;
  for (const row of rows) {
    const line = toRowText(table, row, nowMs, more);
    // A UTF-16 code unit is at most three bytes of UTF-8.
    const needed = end + 3 * line.length;
    if (needed > buffer.length) {
      const longer = Buffer.allocUnsafeSlow(2 * needed);
      longer.set(buffer.subarray(0, end));
      buffer = longer;
    }
    end += buffer.write(line, end);
  }
  // Only now: a row that cannot be written leaves no half of its write behind.
  batch.buffer = buffer;
  batch.end = end;
}

/** Takes the writes that were aborted in time out of the batch; returns the lines of the others. */
function withoutAborted({ buffer, waiting }: Batch): { readonly lines: Buffer; readonly told: readonly Waiting[] } {
  const told = waiting.filter(({ signal }) => !signal.aborted);
  let length = 0;
  for (const { start, end } of told) {
    if (start > length) buffer.copyWithin(length, start, end);
    length += end - start;
  }
  for (const { signal, done } of waiting) if (signal.aborted) done.reject(signal.reason);
  return { lines: buffer.subarray(0, length), told };
}

/**
 * A sink of NDJSON files, `directory/<Table>/<YYYY-MM-DD>.ndjson` by the UTC day of receipt, each row with
 * `_TimeReceived`. Rows become bytes at once; what waits for a file goes to it in one append, and each write resolves
 * when its bytes are on the disk. It refuses nothing. The first append, and one after a failure, repairs lines that a
 * crash has cut short.
 */
export function fileSink(directory: string, { now = Date.now, onRepair, repairs = 'yes' }: FileSinkOptions = {}): Sink {
  let isRepaired = false;
  /** By path, in the order of their first write. */
  const batches = new Map<string, Batch>();
  let spare: Buffer<ArrayBuffer> | undefined;
  let appending: Promise<void> | undefined;

  async function repair(): Promise<void> {
    for (const table of await namesIn(directory, '_CL')) {
      for (const file of await namesIn(join(directory, table), '.ndjson')) {
        const path = join(directory, table, file);
        const bytes = await repairFile(path);
        if (bytes > 0) onRepair?.({ path, bytes });
      }
    }
  }

  async function append(path: string, lines: Buffer): Promise<void> {
    try {
      if (!isRepaired && repairs === 'yes') await repair();
      isRepaired = false;
      await appendDurably(path, lines);
      isRepaired = true;
    } catch (error) {
      throw errorCode(error) === undefined ? error : diskError('file sink', path, 'INGESTION_URL', error);
    }
  }

  async function appendOne(path: string, batch: Batch): Promise<void> {
    const { lines, told } = withoutAborted(batch);
    try {
      if (lines.length > 0) await append(path, lines);
      for (const { done } of told) done.resolve();
    } catch (error) {
      for (const { done } of told) done.reject(error);
    }
    if (batch.buffer.length <= KEPT_BYTES) spare = batch.buffer;
  }

  /** Appends until nothing waits; what comes meanwhile gathers for the next append. */
  async function appendAll(): Promise<void> {
    for (let [next] = batches; next !== undefined; [next] = batches) {
      const [path, batch] = next;
      batches.delete(path);
      await appendOne(path, batch);
    }
    appending = undefined;
  }

  function batchFor(path: string): Batch {
    const held = batches.get(path);
    if (held !== undefined) return held;
    const batch = { buffer: spare ?? Buffer.allocUnsafeSlow(FIRST_BYTES), end: 0, waiting: [] };
    spare = undefined;
    batches.set(path, batch);
    return batch;
  }

  return {
    // Not async: nothing holds the rows once they are bytes.
    write(table, rows, signal) {
      if (signal.aborted) return Promise.reject(signal.reason);
      if (rows.length === 0) return Promise.resolve([]);
      const nowMs = now();
      const received = new Date(nowMs).toISOString();
      const batch = batchFor(join(directory, table.name, `${received.slice(0, 10)}.ndjson`));
      const start = batch.end;
      const done = Promise.withResolvers<void>();
      try {
        addLines(batch, table, rows, nowMs, `,"_TimeReceived":"${received}"}\n`);
      } catch (error) {
        return Promise.reject(error);
      }
      batch.waiting.push({ start, end: batch.end, signal, done });
      appending ??= appendAll();
      return done.promise.then(() => []);
    },
    async close() {
      await appending;
    },
  };
}
