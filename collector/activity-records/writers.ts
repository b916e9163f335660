/** Where activity records go, and in which form. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { diskError, errorCode, fileMode, makeDirectory } from '../durable-file.ts';
import type { ActivityRecord } from './activity-record.ts';

// What one POST of the receiving API takes: Netwrix, activityrecordreference.
const RECORDS_PER_FILE = 1000;
const BYTES_PER_FILE = 50_000_000;

/** Takes activity records in order; `close` resolves to the number of files that were written. */
export interface ActivityWriter {
  write(records: readonly ActivityRecord[]): Promise<void>;
  close(): Promise<number>;
}

/** One record to a line; waits while the stream is full. A reader that has seen enough (| head) is no failure. */
export function jsonLines(stream: Writable): ActivityWriter {
  return {
    async write(records) {
      if (stream.destroyed) return;
      const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');
      try {
        if (text !== '' && !stream.write(text)) await once(stream, 'drain');
      } catch (error) {
        if (errorCode(error) !== 'EPIPE') throw error;
      }
    },
    close: async () => 0,
  };
}

/**
 * Files `activity-records-000001.json` and so on, each an array that one request may carry. Rejects rather than replace a
 * file that exists.
 */
export function jsonArrays(
  directory: string,
  limits: { readonly records: number; readonly bytes: number } = { records: RECORDS_PER_FILE, bytes: BYTES_PER_FILE },
): ActivityWriter {
  let texts: string[] = [];
  let bytes = 0;
  let files = 0;

  async function flush(): Promise<void> {
    if (texts.length === 0) return;
    files++;
    const path = join(directory, `activity-records-${String(files).padStart(6, '0')}.json`);
    const text = `[${texts.join(',\n')}]\n`;
    texts = [];
    bytes = 0;
    try {
      await makeDirectory(directory);
      await writeFile(path, text, { flag: 'wx', mode: fileMode });
    } catch (error) {
      if (errorCode(error) === 'EEXIST')
        throw new Error(`export: ${path} exists already: give --out an empty directory`, { cause: error });
      throw diskError('export', path, '--out', error);
    }
  }

  return {
    async write(records) {
      for (const record of records) {
        const text = JSON.stringify(record);
        // With the comma and line end before it, and the brackets.
        const size = Buffer.byteLength(text) + 4;
        if (texts.length >= limits.records || bytes + size > limits.bytes) await flush();
        texts.push(text);
        bytes += size;
      }
    },
    async close() {
      await flush();
      return files;
    },
  };
}
