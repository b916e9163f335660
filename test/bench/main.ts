/** `npm run bench [-- NAME...] [--json]`: figures as a table. Measures, never asserts. */
import { arch, cpus, totalmem } from 'node:os';
import { Command } from 'commander';
import {
  benchServer,
  ceilingSeconds,
  collectOnce,
  fillSeenIds,
  inTemporaryDirectory,
  type Load,
} from './feed-bench.ts';

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

const benches: Readonly<Record<string, () => Promise<readonly Figures[]>>> = {
  mixed: () =>
    throughput('mixed (5 % Copilot)', { blobs: 10_000, copilotPercent: 5, recordsPerBlob: 100, giantBytes: 0 }),
  copilot: () => throughput('all Copilot', { blobs: 3000, copilotPercent: 100, recordsPerBlob: 100, giantBytes: 0 }),
  memory,
  requests,
};

const program = new Command('bench')
  .argument('[name...]', `benches to run: ${Object.keys(benches).join(', ')}`)
  .option('--json', 'figures as JSON');
program.parse();
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
