/** What enrichment costs: throughput, requests to Graph, time until a tenant is known, memory. */
import { fork, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { nodeEnvironment, nodeFlags } from '../../scripts/bundle.ts';
import { built, collectOnce, inTemporaryDirectory } from './feed-bench.ts';
import { measuredProcess } from './measured-process.ts';

type Figures = Readonly<Record<string, string | number>>;

/** What the server makes up. */
interface Tenant {
  readonly blobs: number;
  readonly recordsPerBlob: number;
  readonly users: number;
  readonly files: number;
  readonly latencyMs: number;
}

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const round = (value: number, digits = 0): number => Number(value.toFixed(digits));
const percent = (share: number): string => `${round(100 * share, 1)} %`;
const MiB = 1024 * 1024;

const lookedUp = z.object({
  subRequests: z.number(),
  distinct: z.number(),
  twice: z.number(),
  users: z.number(),
  lastUserAt: z.number(),
  peakUnits: z.number(),
});

async function enrichServer({ blobs, recordsPerBlob, users, files, latencyMs }: Tenant) {
  const child = fork(path('enrich-server.ts'), [blobs, recordsPerBlob, users, files, latencyMs].map(String));
  const { base } = z.object({ base: z.string() }).parse(await new Promise((resolve) => child.once('message', resolve)));
  return {
    base,
    lookedUp: async () => lookedUp.parse(await (await fetch(`${base}/looked-up`)).json()),
    close: () => child.disconnect(),
  };
}

/** All of it with what is known after the first seconds: the rest is warm. */
async function warm(): Promise<readonly Figures[]> {
  const tenant = { blobs: 3000, recordsPerBlob: 100, users: 500, files: 2000, latencyMs: 0 };
  const figures: Figures[] = [];
  let without = Number.NaN;
  for (const ENRICH of ['none', 'users,labels,agents', 'users,labels,agents,files,meetings']) {
    await inTemporaryDirectory(async (directory) => {
      const server = await enrichServer(tenant);
      try {
        const env = { ENRICH, GRAPH_URL: server.base, GRAPH_REQUESTS_PER_MINUTE: '1000000' };
        const run = await collectOnce(server.base, directory, { env });
        const rate = run.seen / run.seconds;
        if (ENRICH === 'none') without = rate;
        const { subRequests } = await server.lookedUp();
        figures.push({
          bench: 'enrich: warm',
          ENRICH,
          records: run.seen,
          'records/s': round(rate),
          cost: percent(1 - rate / without),
          'CPU s per 100k': round((run.cpuSeconds * 100_000) / run.seen, 2),
          'sub-requests': subRequests,
          'peak MiB': round(run.peakMiB),
        });
      } finally {
        server.close();
      }
    });
  }
  return figures;
}

const coldLimitMs = 600_000;

/** The first pass of a tenant of 10,000 people: until Graph has been asked for everybody, with the usual settings. */
async function cold(): Promise<readonly Figures[]> {
  const users = 10_000;
  return inTemporaryDirectory(async (directory) => {
    const server = await enrichServer({ blobs: 1000, recordsPerBlob: 100, users, files: 50_000, latencyMs: 50 });
    const startedAt = Date.now();
    const child = spawn(process.execPath, [...nodeFlags, await built, 'run'], {
      stdio: 'ignore',
      env: {
        PATH: process.env['PATH'],
        ...nodeEnvironment,
        TENANT_ID: '0a0a0a0a-0000-4000-8000-00000000b1b1',
        ACTIVITY_FEED_URL: server.base,
        GRAPH_URL: server.base,
        IDENTITY_ENDPOINT: `${server.base}/msi/token`,
        IDENTITY_HEADER: 'bench',
        INGESTION_URL: join(directory, 'rows'),
        STATE_URL: join(directory, 'state'),
        HEALTH_PORT: '0',
      },
    });
    try {
      let seen = await server.lookedUp();
      while (seen.users < users && Date.now() - startedAt < coldLimitMs) {
        await sleep(500);
        seen = await server.lookedUp();
      }
      const seconds = round((seen.lastUserAt - startedAt) / 1000, 1);
      return [
        {
          bench: 'enrich: cold, Graph at 50 ms',
          users,
          'users looked up': seen.users,
          'seconds until known': seen.users < users ? `more than ${coldLimitMs / 1000}` : seconds,
          'sub-requests': seen.subRequests,
          'looked up twice': percent(seen.twice / seen.distinct),
          'highest units in 10 s (limit 3,500 in a small tenant)': seen.peakUnits,
        },
      ];
    } finally {
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('close', resolve));
      server.close();
    }
  });
}

const ofDays = z.object({
  interactions: z.number(),
  subRequests: z.number(),
  distinct: z.number(),
  twice: z.number(),
  entityRows: z.number(),
});
const ofMemory = z.object({ rss: z.number(), heapUsed: z.number() });

async function client(mode: string): Promise<{ readonly told: unknown; readonly peakMiB: number }> {
  const { stdout, stderr, code, peakMiB } = await measuredProcess(
    [...nodeFlags, '--expose-gc', path('enrich-client.ts'), mode],
    nodeEnvironment,
  );
  if (code !== 0) throw new Error(`enrich client ended with ${code}: ${stderr.slice(-2000)}`);
  return { told: JSON.parse(stdout), peakMiB };
}

async function steady(): Promise<readonly Figures[]> {
  const { told } = await client('days');
  const { interactions, subRequests, distinct, twice, entityRows } = ofDays.parse(told);
  return [
    {
      bench: 'enrich: third day, 2,000 users, 3 files each of 50,000 (Zipf)',
      interactions,
      'sub-requests': subRequests,
      'sub-requests an interaction': round(subRequests / interactions, 3),
      'distinct keys': distinct,
      'looked up twice': percent(twice / distinct),
      'entity rows': entityRows,
    },
  ];
}

async function memory(): Promise<readonly Figures[]> {
  const figures: Figures[] = [];
  for (const mode of ['empty', 'full']) {
    const { told, peakMiB } = await client(mode);
    const { rss, heapUsed } = ofMemory.parse(told);
    figures.push({
      bench: `enrich: memory, ${mode === 'full' ? '50,000 users, 50,000 files, 200,000 notes' : 'nothing known'}`,
      'heap MiB': round(heapUsed / MiB),
      'RSS MiB': round(rss / MiB),
      'peak MiB': round(peakMiB),
    });
  }
  return figures;
}

/** All of it, one table. */
export async function enrichFigures(): Promise<readonly Figures[]> {
  return [...(await warm()), ...(await cold()), ...(await steady()), ...(await memory())];
}
