import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sink } from '../contracts.ts';
import { appendDurably, diskError, errorCode } from '../durable-file.ts';
import type { Row, Table } from '../schema/index.ts';
import { stampTime } from './stamp-time.ts';

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

/** A row as one line of JSON. Columns that are null are left out: a reader knows them from the table. */
function toLine(row: Row, nowMs: number, received: string): string {
  const stamps = stampTime(row, nowMs);
  let line = `{"TimeGenerated":${JSON.stringify(stamps.TimeGenerated)}`;
  for (const name in row) {
    const value = name in stamps ? stamps[name] : row[name];
    if (value !== null && name !== 'TimeGenerated') line += `,"${name}":${JSON.stringify(value)}`;
  }
  return `${line},"_TimeReceived":"${received}"}\n`;
}

/**
 * A sink of NDJSON files, `directory/<Table>/<YYYY-MM-DD>.ndjson` by the UTC day of receipt, each row with
 * `_TimeReceived`. A write is one append, on the disk before it resolves; it refuses nothing. The first write, and
 * one after a failure, repairs lines that a crash has cut short.
 */
export function fileSink(directory: string, { now = Date.now, onRepair }: FileSinkOptions = {}): Sink {
  let isRepaired = false;
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

  async function append(table: Table, rows: readonly Row[]): Promise<void> {
    const nowMs = now();
    const received = new Date(nowMs).toISOString();
    const path = join(directory, table.name, `${received.slice(0, 10)}.ndjson`);
    try {
      if (!isRepaired) await repair();
      isRepaired = false;
      const lines = rows.map((row) => toLine(row, nowMs, received));
      await appendDurably(path, Buffer.from(lines.join('')));
      isRepaired = true;
    } catch (error) {
      throw errorCode(error) === undefined ? error : diskError('file sink', path, 'INGESTION_URL', error);
    }
  }

  return {
    async write(table, rows, signal) {
      const turn = last.then(async () => {
        signal.throwIfAborted();
        if (rows.length > 0) await append(table, rows);
      });
      last = turn.catch(() => undefined);
      await turn;
      return [];
    },
    async close() {
      await last;
    },
  };
}
