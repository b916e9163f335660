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

/**
 * A sink of NDJSON files, `directory/<Table>/<YYYY-MM-DD>.ndjson` by the UTC day of receipt, each row with
 * `_TimeReceived`. A write is one append, on the disk before it resolves; it refuses nothing. The first write, and
 * one after a failure, repairs lines that a crash has cut short.
 */
export function fileSink(directory: string, { now = Date.now, onRepair, repairs = 'yes' }: FileSinkOptions = {}): Sink {
  let isRepaired = false;
  let buffer = Buffer.allocUnsafeSlow(1024 * 1024);
  let last: Promise<unknown> = Promise.resolve();

  async function repair(): Promise<void> {
    for (const table of await namesIn(directory, '_CL')) {
      for (const file of await namesIn(join(directory, table), '.ndjson')) {
        const path = join(directory, table, file);
        const bytes = await repairFile(path);
        if (bytes > 0) onRepair?.({ path, bytes });
      }
    }
  }

  /** Writes are serialised, so one buffer serves them all. */
  function toLines(table: Table, rows: readonly Row[], nowMs: number, more: string): Buffer {
    let end = 0;
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
    return buffer.subarray(0, end);
  }

  async function append(table: Table, received: string, lines: Buffer): Promise<void> {
    const path = join(directory, table.name, `${received.slice(0, 10)}.ndjson`);
    try {
      if (!isRepaired && repairs === 'yes') await repair();
      isRepaired = false;
      await appendDurably(path, lines);
      isRepaired = true;
    } catch (error) {
      throw errorCode(error) === undefined ? error : diskError('file sink', path, 'INGESTION_URL', error);
    }
  }

  return {
    // Not async: nothing holds the rows once they are bytes.
    write(table, rows, signal) {
      const turn = last.then(() => {
        signal.throwIfAborted();
        if (rows.length === 0) return undefined;
        const nowMs = now();
        const received = new Date(nowMs).toISOString();
        return append(table, received, toLines(table, rows, nowMs, `,"_TimeReceived":"${received}"}\n`));
      });
      last = turn.catch(() => undefined);
      return turn.then(() => []);
    },
    async close() {
      await last;
    },
  };
}
