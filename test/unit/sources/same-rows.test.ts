/** Records become the same rows, whichever source brings them; those of Security Copilot under both of their namings. */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Source } from '../../../collector/contracts.ts';
import { knownOperations } from '../../../collector/records/operations.ts';
import { activityFeed } from '../../../collector/sources/activity-feed/activity-feed.ts';
import { auditQueryApi } from '../../../collector/sources/audit-query/api.ts';
import { auditQuery } from '../../../collector/sources/audit-query/audit-query.ts';
import { importFiles } from '../../../collector/sources/import-files/import-files.ts';
import { storageExport } from '../../../collector/sources/storage-export/storage-export.ts';
import { DAY, queryService } from './audit-query-service.ts';
import { collected, type StoredRow } from './collected.ts';
import { activityBlob, blobs, files, pageFile, type Raw } from './export-forms.ts';
import { type HeldBlob, memoryContainer } from './memory-container.ts';

const now = Date.parse('2026-09-05T12:00:00Z');
const dayMs = Date.parse('2026-09-01T00:00:00Z');

const fixtures = new URL('../../fixtures/records/', import.meta.url);
const fixture = (name: string): Raw => JSON.parse(readFileSync(new URL(name, fixtures), 'utf8')) as Raw;
const ofSecurityCopilot = /^(?:security-copilot|settings|plugin|promptbook|workspace)-/;

const verbs = ['Create', 'Update', 'Delete', 'Enable', 'Disable'];
const nouns = ['Plugin', 'Workspace', 'PromptBook'];
const others = [
  'UpdateCopilotSettings',
  'UpdateTenantSettings',
  'UpdateUserSettings',
  'UpdatePluginSettings',
  'UploadFile',
  'DeleteFile',
  ...['Create', 'Update', 'Delete'].map((verb) => `${verb}CopilotAgent`),
];
/** Record type and operation of everything that is administered, under both naming styles. */
const operations = [
  ...nouns.flatMap((noun, n) =>
    verbs.flatMap((verb, v) =>
      ['', 'Copilot'].map((infix) => [310 + n * verbs.length + v, `${verb}${infix}${noun}`] as const),
    ),
  ),
  ...others.map((operation) => [325, operation] as const),
];

const names = readdirSync(fixtures).filter((name) => !name.endsWith('.rows.json'));
const isRefused = (name: string): boolean => 'refused' in fixture(name.replace('.json', '.rows.json'));

const securityCopilot: readonly Raw[] = [
  ...names.filter((name) => ofSecurityCopilot.test(name)).map(fixture),
  ...operations.map(([RecordType, Operation], n) => ({
    ...fixture('settings-style-b.json'),
    Id: `e1e1e1e1-0000-4000-8000-${String(n).padStart(12, '0')}`,
    RecordType,
    Operation,
  })),
];

// Every oddity that records are known to have.
const everything: readonly Raw[] = [
  ...securityCopilot,
  ...names.filter((name) => !ofSecurityCopilot.test(name) && !isRefused(name)).map(fixture),
];

/** The rows of all records; throws when one of them is anything but a row. */
async function rowsOf(source: Source, count = everything.length): Promise<ReadonlyMap<string, StoredRow>> {
  const { rows, summary } = await collected(source, now);
  expect(summary).toMatchObject({ accepted: count, duplicate: 0, unparsable: 0, deadLettered: 0, gaps: 0 });
  return new Map(rows.map((row) => [String(row['RecordId']), row]));
}

/** The feed with one blob of these records. */
function feedOf(all: readonly Raw[]): Source {
  const createdMs = now - 3_600_000;
  const entry = { id: 'blob-1', uri: 'https://api.example/blob-1', createdMs, expiresMs: createdMs + DAY };
  return activityFeed({
    concurrency: 1,
    api: {
      isSubscribed: async () => true,
      start: async () => undefined,
      stop: async () => undefined,
      async *list({ fromMs, toMs }) {
        if (createdMs >= fromMs && createdMs < toMs) yield [entry];
      },
      open: async () => ({ body: Readable.from([Buffer.from(JSON.stringify(all))]) }),
      serverNow: () => now,
    },
  });
}

/** An audit query that finds these records; the envelope crosses the fields of the user, as Graph does. */
function queryOf(all: readonly Raw[], form: (record: Raw) => unknown): Source {
  const {
    graph,
    now: clock,
    sleep,
  } = queryService({
    startMs: now,
    log: [],
    instead: (method, to) =>
      method !== 'GET' || !to.includes('/records')
        ? undefined
        : {
            kind: 'answered',
            body: {
              value: all.map((record) => ({
                id: record.Id,
                createdDateTime: `${String(record.CreationTime)}Z`,
                operation: record.Operation,
                userId: record.UserKey,
                userPrincipalName: record.UserId,
                clientIp: null,
                administrativeUnits: [''],
                auditData: form(record),
              })),
            },
          },
  });
  const span = { fromMs: dayMs, toMs: dayMs + DAY };
  const task = { kind: 'span', span, isComplete: () => false } as const;
  return auditQuery({ api: auditQueryApi(graph), task, patienceMs: Infinity, now: clock, sleep });
}

const exportOf = (blob: HeldBlob): Source =>
  storageExport({
    containers: [memoryContainer([blob], now - 2 * DAY)],
    pollSeconds: 0,
    positionEveryMs: 0,
    now: () => now,
  });

/** `import` of a file with these bytes. */
async function imported(blob: HeldBlob): Promise<ReadonlyMap<string, StoredRow>> {
  const directory = await mkdtemp(join(tmpdir(), 'copilot-sentinel-same-rows-'));
  try {
    const path = join(directory, blob.name);
    await writeFile(path, blob.bytes);
    return await rowsOf(importFiles({ paths: [path], now: () => now }));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

// Where a row came from, and when: all that may differ. CloudAppContext is what Defender adds to a record.
const ORIGIN = ['Source', 'ContentCreated', 'CollectedTime', 'CloudAppContext'];
const cellsOf = (rows: ReadonlyMap<string, StoredRow>, without: readonly string[] = []) =>
  new Map(
    [...rows].map(([id, row]) => [
      id,
      Object.fromEntries(
        Object.entries(row).filter(([column]) => !ORIGIN.includes(column) && !without.includes(column)),
      ),
    ]),
  );

describe('records', async () => {
  const expected = await rowsOf(feedOf(everything));

  it('of Security Copilot are prompts of people and agents, triggers, and administration under both naming styles', () => {
    const rows = securityCopilot.flatMap(({ Id }): readonly StoredRow[] => [expected.get(String(Id)) ?? []].flat());
    expect(rows).toHaveLength(securityCopilot.length);
    expect(new Set(rows.map((row) => row['RecordTypeCode']))).toEqual(
      new Set([261, 383, ...Array.from({ length: 16 }, (_, n) => 310 + n)]),
    );
    const administered = rows.filter((row) => row['AdminAction'] !== null);
    expect(administered.length).toBeGreaterThan(operations.length);
    // One pair for each record type, whatever the operation is called; only 325 has more to say.
    for (const [type] of operations.filter(([of]) => of !== 325)) {
      const pairs = administered.filter((row) => row['RecordTypeCode'] === type);
      expect(pairs.length).toBeGreaterThan(1);
      expect(new Set(pairs.map((row) => `${String(row['AdminAction'])} ${String(row['AdminObject'])}`)).size).toBe(1);
    }
  });

  it('of Security Copilot are all asked for by name in audit queries', () => {
    const asked = new Set(securityCopilot.map(({ Operation }) => String(Operation).toLowerCase()));
    expect([...asked].filter((operation) => !knownOperations.includes(operation))).toEqual([]);
  });

  const forms: Readonly<Record<string, () => Promise<ReadonlyMap<string, StoredRow>>>> = {
    'audit-query': () =>
      rowsOf(
        queryOf(everything, (record) => ({ '@odata.type': '#microsoft.graph.security.defaultAuditData', ...record })),
      ),
    'audit-query with records as text': () => rowsOf(queryOf(everything, (record) => JSON.stringify(record))),
    ...Object.fromEntries(
      Object.entries({ ...blobs, ...files }).map(([name, form]) => [
        `storage-export of ${name}`,
        () => rowsOf(exportOf(form(everything))),
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(files).map(([name, form]) => [`import of ${name}`, () => imported(form(everything))]),
    ),
    'import of a page of Graph': () => imported(pageFile(everything)),
  };

  it.for(Object.keys(forms))('become the rows of the activity feed through %s', async (name) => {
    const rows = (await forms[name]?.()) ?? new Map<string, StoredRow>();
    expect(cellsOf(rows)).toEqual(cellsOf(expected));
    expect(new Set([...rows.values()].map((row) => row['Source'])).size).toBe(1);
    const isOfDefender = Object.keys(blobs).some((blob) => name.endsWith(` of ${blob}`));
    for (const row of rows.values())
      expect(row['CloudAppContext']).toEqual(isOfDefender ? expect.objectContaining({ CountryCode: 'DE' }) : null);
  });

  it('of Security Copilot become the same rows through CopilotActivity of a Log Analytics export, but for what that has not', async () => {
    const rows = await rowsOf(exportOf(activityBlob(securityCopilot)), securityCopilot.length);
    for (const [id, cells] of cellsOf(rows)) {
      const row = expected.get(id) ?? {};
      const different = Object.keys(cells).filter(
        (column) => JSON.stringify(cells[column]) !== JSON.stringify(row[column]),
      );
      // It has no column for the operation, which alone tells files and agents from settings.
      const isOpen = row['RecordTypeCode'] === 325;
      const missing = [
        'ApplicationName',
        'Operation',
        ...(isOpen ? ['AdminAction', 'AdminObject', 'AdminTarget'] : []),
      ];
      expect(different.filter((column) => !missing.includes(column))).toEqual([]);
      expect(cells['ApplicationName']).toBe(null);
      expect(isOpen ? cells['AdminObject'] : row['AdminObject']).toBe(isOpen ? 'settings' : cells['AdminObject']);
    }
  });
});
