/** Feed, audit queries and exports of the same records in one collector: each record is stored once, whoever was first. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import tls from 'node:tls';
import { ContainerClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { azurite, type Azurite } from '../azurite.ts';
import { type Ended, newestLedger, type Scene, scene, summaryOf } from './harness.ts';

type StoredRow = Readonly<Record<string, unknown>>;

const timeout = 60_000;
const DAY = 86_400_000;
const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

// The tenant's clock stands still: nothing becomes visible while a test is under way.
const startMs = Date.now();

let storage: Azurite;
let place: Scene;
/** Ids of all records of the family that the tenant has shown by now, each once. */
let ids: readonly string[];
let env: Readonly<Record<string, string>>;

const visible = () => place.tenant.blobs.filter(({ visibleMs }) => visibleMs <= startMs);

/** Puts the records of the tenant's blobs into hourly blobs, as Defender XDR streams them. */
async function exported(): Promise<void> {
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), storage.ca]);
  const url = await storage.container('insights-logs-advancedhunting-cloudappevents');
  const container = new ContainerClient(url, storage.credential);
  for (const [nth, blob] of visible().entries()) {
    const rows = (JSON.parse(blob.body()) as readonly (StoredRow | null)[]).map((record) => ({
      time: new Date(blob.createdMs).toISOString(),
      tenantId: place.tenant.tenantId,
      operationName: 'Publish',
      category: 'AdvancedHunting-CloudAppEvents',
      properties: {
        ActionType: record?.['Operation'],
        Application: 'Microsoft 365',
        RawEventData: nth % 2 === 0 ? record : JSON.stringify(record),
      },
    }));
    const [year, month, date, hour] = new Date(blob.createdMs).toISOString().split(/\D/);
    const name = `tenantId=${place.tenant.tenantId}/y=${year}/m=${month}/d=${date}/h=${hour}/m=00/PT1H-${nth}.json`;
    const text = rows.map((row) => `${JSON.stringify(row)}\r\n`).join('');
    const appended = container.getAppendBlobClient(name);
    await appended.create();
    await appended.appendBlock(text, Buffer.byteLength(text));
  }
}

beforeAll(async () => {
  const switches = { auditQueryLatencyMs: 0, auditQueryCreationsPer10s: 1000 };
  [storage, place] = await Promise.all([azurite(), scene({ users: 6, days: 5, switches, clock: () => startMs })]);
  await exported();
  ids = [...new Set(visible().flatMap(({ copilotIds }) => copilotIds))].toSorted();
  const trusted = join(place.directory, 'ca.pem');
  await writeFile(trusted, `${await readFile(place.tenant.caPath, 'utf8')}\n${await readFile(storage.caFile, 'utf8')}`);
  env = { ...place.tenant.env, NODE_EXTRA_CA_CERTS: trusted, ENRICH: 'none', STORAGE_EXPORT_URL: storage.url };
}, timeout);

afterAll(async () => {
  await place.close();
  await storage.close();
});

/** A collector with places of its own, which any number of processes use one after the other. */
function collector(name: string) {
  const own = { INGESTION_URL: join(place.directory, name, 'rows'), STATE_URL: join(place.directory, name, 'state') };
  const rows = async (table: string): Promise<readonly StoredRow[]> => {
    const at = join(own.INGESTION_URL, table);
    const texts = await Promise.all((await readdir(at)).toSorted().map((file) => readFile(join(at, file), 'utf8')));
    return texts
      .flatMap((text) => text.split('\n').filter((line) => line !== ''))
      .map((line) => JSON.parse(line) as StoredRow);
  };
  return {
    rows,
    async run(args: readonly string[], sources: string): Promise<Ended> {
      const ended = await place.collect(args, { ...env, ...own, SOURCES: sources });
      expect(ended.code, ended.stderr).toBe(0);
      return ended;
    },
    /** Sums of a source over the newest snapshot of each of its hours; throws when one does not balance. */
    async ledgerOf(source: string): Promise<Readonly<Record<string, number>>> {
      const fields = ['Selected', 'Accepted', 'Duplicate', 'Pending', 'Parked', 'Unparsable'];
      const sums = Object.fromEntries(fields.map((field) => [field, 0]));
      for (const [key, row] of newestLedger(await rows('CopilotHealth_CL')))
        if (key.startsWith(`${source} `))
          for (const field of fields) sums[field] = (sums[field] ?? 0) + (row[field] ?? 0);
      return sums;
    },
  };
}

const idsIn = (rows: readonly StoredRow[]): readonly string[] => rows.map((row) => String(row['RecordId'])).toSorted();
// Where a row came from, and when it came.
const OF_SOURCE = [
  'Source',
  'ContentCreated',
  'CollectedTime',
  '_TimeReceived',
  'TimeGenerated',
  'TimeClamped',
  'IsBackfill',
];
const withoutSource = (rows: readonly StoredRow[]): readonly StoredRow[] =>
  rows
    .map((row) => Object.fromEntries(Object.entries(row).filter(([column]) => !OF_SOURCE.includes(column))))
    .toSorted((a, b) => (String(a['RecordId']) < String(b['RecordId']) ? -1 : 1));

describe('three sources of the same records', () => {
  let together: readonly StoredRow[] = [];

  it('store each record once in one process, and the ledger of each adds up', { timeout }, async () => {
    const one = collector('together');
    const order = ['activity-feed', 'audit-query', 'storage-export'];
    const summary = summaryOf(await one.run(['once'], order.join(',')));
    const rows = await one.rows('CopilotAudit_CL');
    expect(idsIn(rows)).toEqual(ids);
    together = withoutSource(rows);

    const ledgers = await Promise.all(order.map((source) => one.ledgerOf(source)));
    for (const [n, source] of order.entries()) {
      // What a source brought first is its own; everything else was there already.
      const accepted = rows.filter((row) => row['Source'] === source).length;
      expect(ledgers[n]).toMatchObject({ Accepted: accepted, Pending: 0, Parked: 0, Unparsable: 0 });
    }
    const sum = (field: string): number => ledgers.reduce((total, ledger) => total + (ledger[field] ?? 0), 0);
    expect(sum('Accepted')).toBe(summary.accepted);
    expect(sum('Duplicate')).toBe(summary.duplicate);
    // The first one had all that there is.
    const [feed, query, exports] = ledgers;
    expect(feed).toMatchObject({ Accepted: ids.length });
    expect(query).toMatchObject({ Accepted: 0, Duplicate: query?.['Selected'] });
    expect(exports).toMatchObject({ Accepted: 0, Duplicate: exports?.['Selected'] });
    expect(exports?.['Selected']).toBeGreaterThanOrEqual(ids.length);
  });

  it('store the same rows in another order, with a process of its own for each', { timeout }, async () => {
    const one = collector('restarted');
    const span = ['--from', day(startMs - 7 * DAY), '--to', day(startMs)];
    await one.run(['backfill', ...span, '--yes'], 'audit-query');
    const past = idsIn(await one.rows('CopilotAudit_CL'));
    // The query also has what the feed will show later.
    const early = past.filter((id) => !ids.includes(id));
    expect(past.length - early.length).toBeGreaterThan(ids.length / 3);
    const exports = summaryOf(await one.run(['once'], 'storage-export'));
    expect(exports.accepted).toBe(ids.length - past.length + early.length);
    expect(exports.duplicate).toBeGreaterThanOrEqual(past.length - early.length);
    const feed = summaryOf(await one.run(['once'], 'activity-feed'));
    expect(feed).toMatchObject({ accepted: 0, duplicate: feed.selected });
    const rows = await one.rows('CopilotAudit_CL');
    expect(idsIn(rows)).toEqual([...ids, ...early].toSorted());
    const shown = rows.filter((row) => !early.includes(String(row['RecordId'])));
    expect(withoutSource(shown)).toEqual(together);
  });
});
