/** Half a year of a tenant by `collect backfill`: against Graph's limits, what it needs, and whether its plan told so. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { MAX_RUNNING, SUBMISSIONS_PER_DAY } from '../../collector/sources/audit-query/options.ts';
import { diskPlace } from '../../collector/state/disk-place.ts';
import { state } from '../../collector/state/state.ts';
import { bundled, nodeEnvironment, nodeFlags } from '../../scripts/bundle.ts';
import { built, fillSeenIds, inTemporaryDirectory } from './feed-bench.ts';
import { type Reported, tenantServer } from './backfill-tenant.ts';
import { digestsByDay, discardingEndpoint } from './ingestion-bench.ts';
import { measuredProcess, type Measured } from './measured-process.ts';
import { makeClock } from './shared-clock.ts';

type Figures = Readonly<Record<string, string | number>>;

/** A tenant, and how many of its days are filled. */
interface Volume {
  readonly users: number;
  readonly days: number;
  /** Ids in the state before, of the last week: with as many as SEEN_IDS_MAX memory is at its bound. */
  readonly idsSeen: number;
}

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const round = (value: number, digits = 0): number => Number(value.toFixed(digits));
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

// Nobody promises how long a page takes; a second each is what the plan reckons with. Queries take 10 minutes in the
// simulator, the shortest time that is typical.
const PAGE_MS = 1000;
const CALL_MS = 250;
const QUERY_MINUTES = 10;
// The ledger of the feed reaches so far back, and the plan knows the tenant by it.
const LEDGER_DAYS = 8;

const summary = z.object({ seen: z.number(), accepted: z.number(), duplicate: z.number(), deadLettered: z.number() });

/** A week in the ledger of the feed with so many rows a day: what the plan estimates by. */
async function fillLedger(directory: string, rowsPerDay: number, endMs: number): Promise<void> {
  const store = state(diskPlace(directory));
  const held = await store.load();
  const { ledger } = held.source('activity-feed');
  const rows = Math.round(rowsPerDay / 24);
  for (let hour = Math.floor(endMs / HOUR_MS) - 7 * 24; hour * HOUR_MS < endMs; hour++) {
    for (const field of ['listed', 'fetched'] as const) ledger.count(hour, field, 1);
    for (const field of ['seen', 'selected', 'accepted'] as const) ledger.count(hour, field, rows);
  }
  await store.save(held);
  await store.close();
}

/** Hours that Graph's limits and the collector's own leave: nothing can be read before the first query has ended. */
function floorOf({ submissions, pages }: Reported) {
  const waiting = Math.max(0, Math.ceil(submissions / SUBMISSIONS_PER_DAY) - 1) * 24;
  const running = (Math.ceil(submissions / MAX_RUNNING) * QUERY_MINUTES) / 60;
  const reading = (pages * PAGE_MS) / HOUR_MS;
  return { waiting, running, reading, least: Math.max(waiting, running, QUERY_MINUTES / 60 + reading) };
}

const lineOf = (text: string, name: string): string =>
  new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1] ?? `no line "${name}"`;

async function backfilled(volume: Volume): Promise<Figures> {
  return inTemporaryDirectory(async (directory) => {
    const clockPath = join(directory, 'clock');
    makeClock(clockPath);
    const { outfile } = await bundled({ entry: path('backfill-clock.ts'), outfile: join(directory, 'clock.mjs') });
    const endpoint = await discardingEndpoint(directory, 'digest');
    const tenant = await tenantServer(volume.users, volume.days + LEDGER_DAYS + 2, clockPath);
    try {
      const caPath = join(directory, 'ca.pem');
      await writeFile(caPath, `${await readFile(tenant.caPath, 'utf8')}\n${await readFile(endpoint.caPath, 'utf8')}`);
      const lastDay = Math.floor(tenant.startMs / DAY_MS) - LEDGER_DAYS - 1;
      const firstDay = lastDay - volume.days + 1;
      const filled = { firstDay, lastDay };
      const stateFolder = join(directory, 'state');
      await fillSeenIds(directory, volume.idsSeen);
      await fillLedger(stateFolder, (await tenant.count(filled)) / volume.days, tenant.startMs);
      const dayOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
      const span = ['--from', dayOf(firstDay), '--to', dayOf(lastDay + 1)];
      const env = {
        ...tenant.env,
        ...nodeEnvironment,
        NODE_EXTRA_CA_CERTS: caPath,
        INGESTION_URL: endpoint.base,
        DCR_IMMUTABLE_ID: `dcr-${'0'.repeat(32)}`,
        STATE_URL: stateFolder,
        ENRICH: 'none',
        GRAPH_REQUESTS_PER_MINUTE: '1000000',
        CLOCK: clockPath,
        PAGE_MS: String(PAGE_MS),
        CALL_MS: String(CALL_MS),
      };
      const collect = async (...more: readonly string[]): Promise<Measured> => {
        const run = await measuredProcess(
          [...nodeFlags, '--import', outfile, await built, 'backfill', ...span, ...more],
          env,
        );
        if (run.code !== 0) throw new Error(`collect backfill ended with ${run.code}: ${run.stderr.slice(-2000)}`);
        return run;
      };
      const plan = await collect();
      const aheadMs = await aheadOf(clockPath);
      const run = await collect('--yes');
      const hours = ((await aheadOf(clockPath)) - aheadMs + run.seconds * 1000) / HOUR_MS;
      const done = await tenant.report(filled);
      const stored = await digestsByDay(endpoint);
      const { accepted, duplicate, deadLettered } = summary.parse(
        JSON.parse(run.stdout.trim().split('\n').at(-1) ?? ''),
      );
      const days = Object.keys({ ...done.truth.byDay, ...stored });
      const { waiting, running, reading, least } = floorOf(done);
      return {
        'ids seen before': volume.idsSeen,
        'queries made': done.submissions,
        'queries at once, at most': done.runningAtMost,
        'queries refused': done.throttled,
        'queries left': done.left,
        'readings of queries': done.readings,
        'pages of records': done.pages,
        'records read': done.recordsServed,
        'rows accepted': accepted,
        'lost (less than 0: twice)': done.truth.records - accepted,
        'days whose ids differ': days.filter((day) => done.truth.byDay[day] !== stored[day]).length,
        'duplicates dropped': duplicate,
        'dead letters': deadLettered,
        'of operations nobody asked for': done.truth.unasked,
        'wall seconds': round(run.seconds),
        'records read/s': round(done.recordsServed / run.seconds),
        'CPU seconds': round(run.cpuSeconds),
        'peak MiB': round(run.peakMiB),
        'peak MiB of the simulator': round(done.peakMiB),
        'hours on the simulated clock': round(hours, 1),
        'least hours by limits': round(least, 1),
        '... by 200 submissions a day': round(waiting, 1),
        '... by 10 queries at once, 10 minutes each': round(running, 1),
        '... by pages, a second each': round(reading, 1),
        'plan: windows': lineOf(plan.stdout, 'windows').split(',')[0] ?? '',
        'plan: time': lineOf(plan.stdout, 'time').split(', ')[0] ?? '',
        'plan: rows': lineOf(plan.stdout, 'rows').split(', by')[0] ?? '',
      };
    } finally {
      tenant.close();
      endpoint.close();
    }
  });
}

const aheadOf = async (clockPath: string): Promise<number> => (await readFile(clockPath)).readDoubleLE();

// Many days of few people, and few days of many: together they meet the bounds that all days of all would meet. The
// first has more windows than a tenant may submit in a day.
const usual: readonly Volume[] = [
  { users: 20, days: 220, idsSeen: 0 },
  { users: 100, days: 180, idsSeen: 0 },
  { users: 10_000, days: 2, idsSeen: 5_000_000 },
];
const full: readonly Volume[] = [{ users: 10_000, days: 180, idsSeen: 0 }];

/** A line for each figure, a column for each volume. */
export async function backfillFigures(size: 'usual' | 'full'): Promise<readonly Figures[]> {
  const columns: (readonly [string, Figures])[] = [];
  for (const volume of size === 'full' ? full : usual) {
    columns.push([`${volume.users} users, ${volume.days} days`, await backfilled(volume)]);
  }
  return Object.keys(columns[0]?.[1] ?? {}).map((figure) => ({
    backfill: figure,
    ...Object.fromEntries(columns.map(([name, figures]) => [name, figures[figure] ?? ''])),
  }));
}
