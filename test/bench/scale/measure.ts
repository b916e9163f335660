/** What a day of a simulated tenant is in bytes, blobs and seconds: the collector over real HTTPS, once for each size. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeEnvironment, nodeFlags } from '../../../scripts/bundle.ts';
import { simulator } from '../../../simulator/simulator.ts';
import { built, inTemporaryDirectory } from '../feed-bench.ts';
import { measuredProcess } from '../measured-process.ts';

/** One day of one size, measured. */
export interface MeasuredDay {
  readonly users: number;
  readonly blobs: number;
  /** Of every workload. */
  readonly records: number;
  readonly copilotRecords: number;
  readonly recordBytes: number;
  readonly requests: number;
  readonly auditRowBytes: number;
  /** Bytes of rows of the other tables as a share of those of CopilotAudit_CL. */
  readonly otherTablesShare: number;
  readonly stateBytes: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMiB: number;
}

/** A working day of no matter which week, as it ended. */
const END = Date.parse('2026-11-19T00:00:00Z');

/** Collects a day of a tenant of so many users, with an empty state and without look-ups. */
export const measuredDay = (users: number): Promise<MeasuredDay> =>
  inTemporaryDirectory(async (directory) => {
    const tenant = await simulator({ users, days: 1, clock: () => END });
    try {
      const rows = join(directory, 'rows');
      const state = join(directory, 'state');
      const run = await measuredProcess([...nodeFlags, await built, 'once'], {
        ...tenant.env,
        ...nodeEnvironment,
        INGESTION_URL: rows,
        STATE_URL: state,
        REQUESTS_PER_MINUTE: '100000000',
        HEALTH_PORT: '0',
        ENRICH: 'none',
      });
      if (run.code !== 0) throw new Error(`collect once ended with ${run.code}: ${run.stderr.slice(-2000)}`);
      const { requests, elementsServed, ids, blobs } = tenant.report();
      if (ids.missing.length > 0)
        throw new Error(`${ids.missing.length} of ${ids.expected.length} records are missing`);
      const recordCount = elementsServed.records;
      const sampled = tenant.blobs.filter((_, n) => n % 20 === 0);
      const bytes = sampled.reduce((sum, blob) => sum + Buffer.byteLength(blob.body()), 0);
      const audit = await sizeOf(join(rows, 'CopilotAudit_CL'));
      return {
        users,
        blobs: blobs.listed,
        records: recordCount,
        copilotRecords: ids.expected.length,
        recordBytes: bytes / sampled.reduce((sum, blob) => sum + blob.recordCount, 0),
        requests: requests.total,
        auditRowBytes: audit / (await linesOf(join(rows, 'CopilotAudit_CL'))),
        otherTablesShare: ((await sizeOf(rows)) - audit) / audit,
        stateBytes: await sizeOf(state),
        seconds: run.seconds,
        cpuSeconds: run.cpuSeconds,
        peakMiB: run.peakMiB,
      };
    } finally {
      await tenant.close();
    }
  });

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function sizeOf(folder: string): Promise<number> {
  const sizes = await Promise.all((await filesIn(folder)).map((file) => stat(file)));
  return sizes.reduce((sum, { size }) => sum + size, 0);
}

async function linesOf(folder: string): Promise<number> {
  let lines = 0;
  for (const file of await filesIn(folder)) for (const byte of await readFile(file)) if (byte === 10) lines++;
  return lines;
}
