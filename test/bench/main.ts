/** `npm run bench [-- NAME...] [--json]`: figures as a table. Measures, never asserts. */
import { arch, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { nodeEnvironment, nodeFlags } from '../../scripts/bundle.ts';
import { faultMenu } from '../../simulator/server/faults.ts';
import { simulator, type Simulator } from '../../simulator/simulator.ts';
import { backfillFigures } from './backfill-bench.ts';
import { consoleFigures } from './console-bench.ts';
import { enrichFigures } from './enrich-bench.ts';
import { exportFigures } from './export-bench.ts';
import {
  benchServer,
  built,
  ceilingSeconds,
  collectOnce,
  fillSeenIds,
  inTemporaryDirectory,
  type Load,
} from './feed-bench.ts';
import { acceptances, discardingEndpoint, percentile, sendRows } from './ingestion-bench.ts';
import { kqlFigures } from './kql-bench.ts';
import { type Measured, measuredProcess } from './measured-process.ts';
import { quota } from './quota.ts';
import { scale } from './scale/scale.ts';

type Figures = Readonly<Record<string, string | number>>;

const round = (value: number, digits = 0): number => Number(value.toFixed(digits));
const MiB = 1024 * 1024;

async function throughput(name: string, load: Load): Promise<readonly Figures[]> {
  return inTemporaryDirectory(async (directory) => {
    const server = await benchServer(load);
    try {
      const records = load.blobs * load.recordsPerBlob;
      await ceilingSeconds(server.base, Math.ceil(load.blobs / 10));
      const ceiling = records / (await ceilingSeconds(server.base, load.blobs));
      const run = await collectOnce(server.base, directory);
      return [
        {
          bench: name,
          records: run.seen,
          'bytes a record': round(server.recordBytes),
          'records/s': round(run.seen / run.seconds),
          'ceiling/s': round(ceiling),
          'of ceiling': `${round((100 * run.seen) / run.seconds / ceiling)} %`,
          'rows stored': run.accepted,
          'CPU s per 100k': round((run.cpuSeconds * 100_000) / run.seen, 2),
          'peak MiB': round(run.peakMiB),
        },
      ];
    } finally {
      server.close();
    }
  });
}

async function memory(): Promise<readonly Figures[]> {
  const figures: Figures[] = [];
  for (const records of [100_000, 1_000_000, 3_000_000]) {
    const load = { blobs: records / 100, copilotPercent: 5, recordsPerBlob: 100, giantBytes: 70 * MiB };
    figures.push(
      await inTemporaryDirectory(async (directory) => {
        await fillSeenIds(directory, 3_000_000);
        const server = await benchServer(load);
        try {
          const run = await collectOnce(server.base, directory);
          return {
            bench: 'memory',
            'ids seen before': 3_000_000,
            'backlog records': run.seen,
            'largest blob MiB': 70,
            'records/s': round(run.seen / run.seconds),
            'peak MiB': round(run.peakMiB),
          };
        } finally {
          server.close();
        }
      }),
    );
  }
  return figures;
}

async function requests(): Promise<readonly Figures[]> {
  const load = { blobs: 10_000, copilotPercent: 5, recordsPerBlob: 10, giantBytes: 0 };
  return inTemporaryDirectory(async (directory) => {
    const server = await benchServer(load);
    try {
      await collectOnce(server.base, directory);
      const first = await server.counts();
      await collectOnce(server.base, directory);
      const second = await server.counts();
      return [
        {
          bench: 'requests',
          blobs: load.blobs,
          listings: first.listings,
          fetches: first.blobs,
          'requests a blob': round((first.listings + first.blobs) / load.blobs, 4),
          'listings in the next poll': second.listings - first.listings,
          'fetches in the next poll': second.blobs - first.blobs,
        },
      ];
    } finally {
      server.close();
    }
  });
}

const RULE_ID = `dcr-${'0'.repeat(32)}`;

async function ingestion(): Promise<readonly Figures[]> {
  return inTemporaryDirectory(async (directory) => {
    const endpoint = await discardingEndpoint(directory, 'discard');
    const rows = 100_000;
    const figures: Figures[] = [];
    try {
      for (const way of ['ceiling', 'sdk', 'ours'] as const) {
        const run = await sendRows(way, endpoint, rows);
        figures.push({
          bench: `ingestion: ${way}`,
          rows,
          'bytes a row': run.rowBytes,
          'rows/s': round(rows / run.seconds),
          'GB a minute': round((run.rowBytes * rows * 60) / run.seconds / 1e9, 2),
          'CPU s per 100k': round((run.cpuSeconds * 100_000) / rows, 2),
          'longest stall ms': round(run.stallMs),
        });
      }
      return figures;
    } finally {
      endpoint.close();
    }
  });
}

/** The blobs of five minutes in a tenant of 200,000 people: 1,600 an hour. */
async function latency(): Promise<readonly Figures[]> {
  return inTemporaryDirectory(async (directory) => {
    const endpoint = await discardingEndpoint(directory, 'read-rows');
    const feed = await benchServer({ blobs: 133, copilotPercent: 5, recordsPerBlob: 100, giantBytes: 0 });
    try {
      const env = { INGESTION_URL: endpoint.base, DCR_IMMUTABLE_ID: RULE_ID, NODE_EXTRA_CA_CERTS: endpoint.caPath };
      await collectOnce(feed.base, directory, { env });
      const listedAt = await feed.listedAt();
      const waits = [...(await acceptances(endpoint))].map(
        ([id, at]) => at - (listedAt[Number.parseInt(id.slice(0, 8), 16)] ?? Number.NaN),
      );
      return [
        {
          bench: 'latency: blob listed to row accepted',
          blobs: 133,
          rows: waits.length,
          'p50 ms': round(percentile(waits, 0.5)),
          'p99 ms': round(percentile(waits, 0.99)),
        },
      ];
    } finally {
      feed.close();
      endpoint.close();
    }
  });
}

const small = { cpus: 0.25, mebibytes: 512 };

/** A week of blobs of a tenant of 200,000 people, in a container of 0.25 CPU and 512 MiB. */
async function backlog(): Promise<readonly Figures[]> {
  const group = quota(small);
  if (typeof group === 'string') return [{ bench: 'backlog', skipped: group }];
  // One record of ten is Copilot's.
  const load = { blobs: 268_800, copilotPercent: 10, recordsPerBlob: 10, giantBytes: 0 };
  try {
    return await inTemporaryDirectory(async (directory) => {
      const endpoint = await discardingEndpoint(directory, 'discard');
      const feed = await benchServer(load);
      try {
        const env = { INGESTION_URL: endpoint.base, DCR_IMMUTABLE_ID: RULE_ID, NODE_EXTRA_CA_CERTS: endpoint.caPath };
        const run = await collectOnce(feed.base, directory, { env, prefix: group.prefix });
        const { listings, blobs } = await feed.counts();
        return [
          {
            bench: 'backlog at 0.25 CPU, 512 MiB',
            blobs: load.blobs,
            records: run.seen,
            'rows accepted': run.accepted,
            'minutes by CPU': round(run.seconds / 60, 1),
            'minutes by the quota of 2,000 requests': round((listings + blobs) / 2000, 1),
            'CPU s': round(run.cpuSeconds),
            'periods throttled': group.throttledPeriods(),
            'peak MiB': round(run.peakMiB),
          },
        ];
      } finally {
        feed.close();
        endpoint.close();
      }
    });
  } finally {
    group.remove();
  }
}

/** The whole fault menu, met by a container of 0.25 CPU and 512 MiB. */
async function smallContainer(): Promise<readonly Figures[]> {
  const group = quota(small);
  if (typeof group === 'string') return [{ bench: 'faults', skipped: group }];
  try {
    return await inTemporaryDirectory(async (directory) => {
      const at = Date.now();
      const tenant = await simulator({ users: 40, days: 7, clock: () => at, faults: Object.keys(faultMenu) });
      try {
        const env = {
          ...tenant.env,
          ...tenant.ingestionEnv,
          ...nodeEnvironment,
          STATE_URL: join(directory, 'state'),
          REQUESTS_PER_MINUTE: '100000',
        };
        const runs: Measured[] = [];
        // A source may end a pass early when one fault follows the other; the next pass goes on.
        for (let n = 0; n < 10 && runs.at(-1)?.code !== 0 && (n === 0 || !isDone(tenant)); n++) {
          runs.push(await measuredProcess([...nodeFlags, await built, 'once'], env, group.prefix));
        }
        const { ids, ingestion: sent } = tenant.report();
        const lost = new Set(ids.notStored);
        for (const id of sent.rowsRefused) lost.delete(id);
        return [
          {
            bench: 'fault menu at 0.25 CPU, 512 MiB',
            faults: Object.keys(faultMenu).length,
            passes: runs.length,
            records: ids.expected.length,
            lost: lost.size,
            'refused, kept as dead letters': sent.rowsRefused.length,
            seconds: round(runs.reduce((sum, { seconds }) => sum + seconds, 0)),
            'CPU s': round(runs.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0)),
            'peak MiB': round(Math.max(...runs.map(({ peakMiB }) => peakMiB))),
          },
        ];
      } finally {
        await tenant.close();
      }
    });
  } finally {
    group.remove();
  }
}

function isDone(tenant: Simulator): boolean {
  const { ids, ingestion: sent } = tenant.report();
  return ids.notStored.length === sent.rowsRefused.length;
}

const benches: Readonly<Record<string, () => Promise<readonly Figures[]>>> = {
  mixed: () =>
    throughput('mixed (5 % Copilot)', { blobs: 10_000, copilotPercent: 5, recordsPerBlob: 100, giantBytes: 0 }),
  copilot: () => throughput('all Copilot', { blobs: 3000, copilotPercent: 100, recordsPerBlob: 100, giantBytes: 0 }),
  memory,
  requests,
  ingestion,
  latency,
  backlog,
  faults: smallContainer,
  backfill: () => backfillFigures(program.opts().full === true ? 'full' : 'usual'),
  enrich: enrichFigures,
  'storage-export': exportFigures,
  kql: kqlFigures,
  console: consoleFigures,
};

const program = new Command('bench')
  .argument('[name...]', `benches to run: ${Object.keys(benches).join(', ')}`)
  .option('--json', 'figures as JSON')
  .option('--scale', 'no bench: what grows with the number of users, and which limit is met first')
  .option('--docs', 'with --scale: write the tables into docs/scale.md')
  .option('--measure', 'with --scale: collect a day of 100, 1,000 and 10,000 users first, which takes minutes')
  .option('--full', 'backfill: 10,000 users and 180 days, which takes hours');
program.parse();
if (program.opts().scale === true) {
  await scale(new Set(['json', 'measure', 'docs'].filter((name) => program.opts()[name] === true)));
  process.exit();
}
const names = program.args.length === 0 ? Object.keys(benches) : program.args;
const all: Figures[] = [];
console.error(
  `${cpus().length} cores (${cpus()[0]?.model ?? arch()}), ${round(totalmem() / MiB / 1024)} GiB, Node ${process.version}`,
);
for (const name of names) {
  const bench = benches[name];
  if (bench === undefined) throw new Error(`no bench ${name}: choose from ${Object.keys(benches).join(', ')}`);
  const figures = await bench();
  all.push(...figures);
  if (program.opts().json !== true) console.table(figures);
}
if (program.opts().json === true) console.log(JSON.stringify(all));
