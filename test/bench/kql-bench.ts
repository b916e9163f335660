/** How fast the KQL engine answers over a workspace on disk: shipped functions, shapes of detections, a million rows. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { readFunctions } from '../../kql/functions.ts';
import { directoryTables, shippedFunctions, workspaceEngine } from '../../workspace/workspace.ts';
import { inTemporaryDirectory } from './feed-bench.ts';
import type { TableRows } from '../../kql/engine/table-reader.ts';
import { type BenchQuery, detectionShapes, functionQueries, microsoftQueries, timeRanged } from './kql-queries.ts';
import { addMicrosoftTables, type Collected, collectedRows, writeWorkspace } from './kql-rows.ts';
import { measuredProcess } from './measured-process.ts';

type Figures = Readonly<Record<string, string | number>>;

const client = fileURLToPath(new URL('kql-client.ts', import.meta.url));
const targets = { tenThousand: 100, hundredThousand: 600, bind: 10, millionSeconds: 5, millionMiB: 1536 };
const answered = z.object({ bindMs: z.number(), runMs: z.number(), rows: z.number() });
const repeats = 3;
const microsoftTables = ['CopilotActivity', 'CloudAppEvents'];

const round = (value: number, digits = 0): number => Number(value.toFixed(digits));
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const kql = workspaceEngine();

/** Wall time, and CPU time of the thread: where the two differ, the machine was busy with something else. */
function timed<T>(act: () => T): { readonly ms: number; readonly cpuMs: number; readonly value: T } {
  const started = performance.now();
  const before = process.threadCpuUsage();
  const value = act();
  const { user, system } = process.threadCpuUsage(before);
  return { ms: performance.now() - started, cpuMs: (user + system) / 1000, value };
}

type Tables = Readonly<Record<string, TableRows>>;

/** The tables of a directory that are named, not yet loaded; without names all but Microsoft's. */
function tablesOf(directory: string, names?: readonly string[]): Tables {
  const isWanted = (name: string): boolean => names?.includes(name) ?? !microsoftTables.includes(name);
  return Object.fromEntries(Object.entries(directoryTables(directory)).filter(([name]) => isWanted(name)));
}

/** The first run over tables that are not loaded, and the median of those after it. */
function measured({ query, tables: names }: BenchQuery, directory: string, now: Date) {
  const prepared = kql.prepare(query);
  const tables = tablesOf(directory, names);
  const cold = timed(() => prepared.run({ now, tables })).ms;
  const { value } = timed(() => prepared.run({ now, tables }));
  const warm = Array.from({ length: repeats }, () => timed(() => prepared.run({ now, tables })));
  return {
    cold,
    warm: median(warm.map(({ ms }) => ms)),
    warmCpu: median(warm.map(({ cpuMs }) => cpuMs)),
    rows: value.rows.length,
  };
}

async function million(lines: Collected, until: Date, parent: string): Promise<Figures> {
  const rows = 1_000_000;
  const directory = await writeWorkspace(lines, { rows, until, directory: join(parent, 'million') });
  try {
    const { stdout, stderr, code, peakMiB, seconds, cpuSeconds } = await measuredProcess(
      [client, directory, until.toISOString(), timeRanged],
      {},
    );
    if (code !== 0) throw new Error(`the query ended with ${code}: ${stderr.slice(-2000)}`);
    const answer = answered.parse(JSON.parse(stdout));
    const isMet = answer.runMs < targets.millionSeconds * 1000 && peakMiB < targets.millionMiB;
    return {
      bench: 'kql: 1,000,000 rows, a time-ranged summarize',
      'open and answer s': round(answer.runMs / 1000, 1),
      'whole process s': round(seconds, 1),
      'CPU s': round(cpuSeconds, 1),
      'peak MiB': round(peakMiB),
      'rows answered': answer.rows,
      met: isMet ? 'yes' : 'no',
    };
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Figures of all queries over 10,000 and 100,000 rows, and of one over a million. */
export async function kqlFigures(): Promise<readonly Figures[]> {
  return inTemporaryDirectory(async (parent) => {
    const until = new Date();
    const lines = await collectedRows(parent);
    const workspace = async (rows: number): Promise<string> => {
      const extent = { rows, until, directory: join(parent, String(rows)) };
      await addMicrosoftTables(lines, extent);
      return writeWorkspace(lines, extent);
    };
    const [small, large] = [await workspace(10_000), await workspace(100_000)];
    const names = readFunctions(shippedFunctions).map(({ name }) => name);
    const figures: Figures[] = [];
    for (const each of [...functionQueries(names), ...microsoftQueries, ...detectionShapes]) {
      for (let warmUp = 0; warmUp < repeats; warmUp += 1) kql.prepare(each.query);
      const bind = median(Array.from({ length: 3 * repeats }, () => timed(() => kql.prepare(each.query)).ms));
      const ten = measured(each, small, until);
      const hundred = measured(each, large, until);
      const isMet = ten.warm < targets.tenThousand && hundred.warm < targets.hundredThousand && bind < targets.bind;
      figures.push({
        bench: each.name,
        '10k ms': round(ten.warm),
        '100k ms': round(hundred.warm),
        '100k CPU ms': round(hundred.warmCpu),
        '10k cold': round(ten.cold),
        '100k cold': round(hundred.cold),
        'bind ms': round(bind, 1),
        rows: hundred.rows,
        met: isMet ? 'yes' : 'no',
      });
    }
    return [...figures, await million(lines, until, parent)];
  });
}
