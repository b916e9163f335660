/** The real collector and the directory of a simulated tenant: what rows and entities say is what the tenant knows. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import PQueue from 'p-queue';
import { describe, expect, it } from 'vitest';
import { liveSwitches } from '../../simulator/server/switches.ts';
import { columnsOf, truth, type Truth } from './enrichment-truth.ts';
import { graphProxy } from './graph-proxy.ts';
import { scene, type Scene } from './harness.ts';
import { answersOf, leaks, ledgerSummary, outcomeOf, owedBy, type Outcome, type StoredRow } from './outcome.ts';

// A Wednesday, standing still: what is to be stored does not change while a collector runs.
const now = Date.parse('2026-11-18T15:00:00Z');
const hourMs = 3_600_000;
const small = { users: 12, days: 2, clock: () => now };
const everything = { ENRICH: 'users,labels,agents,files,meetings' };
const known = truth(small.users);

// Agents of SharePoint sites are files, and in no catalogue.
const notListed = ['agents: not-found'];

const turns = new PQueue({ concurrency: 2 });
const timeout = 120_000;

const columnsOfKind = {
  user: ['UserDisplayName', 'UserDepartment', 'UserManager', 'UserAccountEnabled', 'UserObservedTime'],
  label: ['TopLabelName', 'TopLabelPriority'],
  agent: ['AgentPublisher', 'AgentPackageType', 'AgentIsBlocked', 'AgentSharing'],
  file: ['FileSizeBytes', 'FileModifiedTime'],
  meeting: ['MeetingName', 'MeetingCreatedTime', 'MeetingOrganizer'],
} as const satisfies Record<keyof Truth, readonly string[]>;
type Kind = keyof typeof columnsOfKind;

/** Rows that the tenant knows something about, with what it knows. */
const knownRows = (rows: readonly StoredRow[], kind: Kind) =>
  rows.flatMap((row) => {
    const expected = known[kind](row);
    return expected === undefined ? [] : [{ row, expected }];
  });

function expectTrue(rows: readonly StoredRow[], kind: Kind): void {
  const of = knownRows(rows, kind);
  expect(of.length, kind).toBeGreaterThan(5);
  expect(of.map(({ row, expected }) => columnsOf(row, expected))).toEqual(of.map(({ expected }) => expected));
}

/** What look-ups give is not there; what the record and addresses tell may be. */
function expectNothing(rows: readonly StoredRow[], kind: Kind): void {
  for (const row of rows) for (const name of columnsOfKind[kind]) expect(row[name], name).toBeUndefined();
}

const errorsOf = (rows: readonly StoredRow[]): readonly string[] =>
  [...new Set(rows.flatMap((row) => (row['EnrichmentErrors'] ?? []) as readonly string[]))].toSorted();

const newestOf = (entities: readonly StoredRow[], kind: string): ReadonlyMap<string, StoredRow> =>
  new Map(entities.filter((row) => row['Kind'] === kind).map((row) => [String(row['Key']), row]));

/** The name among the facts of an entity row, null when it has none; empty without a row. */
const namesIn = (row: StoredRow | undefined): readonly unknown[] =>
  row === undefined ? [] : [(row['Facts'] as StoredRow)['Name'] ?? null];

/** One pass that is complete, whatever Graph says. */
async function collected(place: Scene, env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  const ended = await place.collect(['once'], { ...place.tenant.env, ...env });
  expect(ended.code, ended.stderr).toBe(0);
  const outcome = await outcomeOf(place, ended);
  expect(outcome.ids).toEqual(outcome.report.ids.expected);
  expect(ledgerSummary(outcome).accepted).toBe(outcome.ids.length);
  expect(outcome.rowProblems).toEqual([]);
  expect(outcome.report.graph).toMatchObject({ violations: [], unauthorized: 0 });
  expect(await leaks(place, [ended.stdout, ended.stderr])).toEqual([]);
  return outcome;
}

describe.concurrent('enrichment', () => {
  it('looks up users, labels and agents by default, and no file or meeting', { timeout }, () =>
    turns.add(async () => {
      await using place = await scene(small);
      const { rows, report, entities } = await collected(place);
      for (const kind of ['user', 'label', 'agent'] as const) expectTrue(rows, kind);
      for (const kind of ['file', 'meeting'] as const) expectNothing(rows, kind);
      expect(errorsOf(rows)).toEqual(notListed);
      expect(Object.keys(report.graph.subRequests.byKind).toSorted()).toEqual(['labels', 'packages', 'user']);
      // Address and name of a file need no permission.
      expect(newestOf(entities, 'file').size).toBeGreaterThan(20);
    }),
  );

  it('looks up files and meetings, too, when told so', { timeout }, () =>
    turns.add(async () => {
      await using place = await scene(small);
      const { rows, entities, report } = await collected(place, everything);
      for (const kind of ['user', 'label', 'agent', 'file', 'meeting'] as const) expectTrue(rows, kind);
      const meetings = rows.filter((row) => row['MeetingId'] !== undefined);
      const lost = meetings.filter((row) => known.meeting(row) === undefined);
      expect(lost.length).toBeGreaterThan(0);
      for (const row of lost)
        expect(row).toMatchObject({ EnrichmentErrors: expect.arrayContaining(['meetings: not-found']) });
      expect(errorsOf(rows)).toEqual([...notListed, 'meetings: not-found']);

      // The newest row of each entity says what the rows say.
      const users = newestOf(entities, 'user');
      for (const { row, expected } of knownRows(rows, 'user'))
        expect(users.get(String(row['ActorName']).toLowerCase())).toMatchObject({
          Facts: { DisplayName: expected['UserDisplayName'], AccountEnabled: expected['UserAccountEnabled'] },
          OrganizationId: place.tenant.tenantId,
        });
      const files = newestOf(entities, 'file');
      for (const { row, expected } of knownRows(rows, 'file'))
        expect(files.get(String(row['FileUrl']).toLowerCase())).toMatchObject({
          Facts: { Name: expected['FileName'], SizeBytes: expected['FileSizeBytes'], SiteUrl: expected['SiteUrl'] },
        });
      const found = newestOf(entities, 'meeting');
      for (const { row, expected } of knownRows(rows, 'meeting'))
        expect(namesIn(found.get(String(row['MeetingId'])))).toEqual([expected['MeetingName']]);
      expect(newestOf(entities, 'label').size).toBe(8);
      expect(newestOf(entities, 'agent').size).toBeGreaterThan(10);
      // First seen is the first event that names it.
      for (const [key, user] of users) {
        // Some events name a user by object id.
        const names = new Set([key, ...(user['Aliases'] as readonly string[])]);
        const times = rows.filter((row) => names.has(String(row['ActorName']).toLowerCase()));
        const first = Math.min(...times.map((row) => Date.parse(String(row['EventTime']))));
        if (times.length > 0) expect(Date.parse(String(user['FirstSeenTime'])), key).toBe(first);
      }
      expect(await owedBy(place)).toBe(0);

      // A second pass reads the lists again, and has nothing to say.
      const before = report.graph.subRequests.byKind['user'];
      const again = await collected(place, everything);
      expect(again.report.graph.subRequests.byKind['user']).toBe(before);
      expect(again.entities).toHaveLength(entities.length);
    }),
  );

  it('asks nothing of Graph when it is off, and names no error', { timeout }, () =>
    turns.add(async () => {
      await using place = await scene(small);
      const { rows, report, entities, health } = await collected(place, { ENRICH: 'none' });
      expect(report.graph.requests).toBe(0);
      expect(errorsOf(rows)).toEqual([]);
      expect(health.filter((row) => row['HealthKind'] === 'enrichment')).toEqual([]);
      for (const kind of ['user', 'agent', 'file', 'meeting'] as const) expectNothing(rows, kind);
      // What records and addresses tell.
      expect(rows.filter((row) => row['FileName'] !== undefined).length).toBeGreaterThan(20);
      expect(new Set(entities.map((row) => row['Kind']))).toEqual(
        new Set(['user', 'agent', 'label', 'site', 'file', 'meeting']),
      );
      expect(await owedBy(place)).toBe(0);
    }),
  );
});

/** What is missing without some permissions. */
interface Lack {
  readonly without: readonly string[];
  readonly kind: Kind;
  readonly error: string;
  readonly env?: Readonly<Record<string, string>>;
}

const lacks: readonly Lack[] = [
  { without: ['User.Read.All'], kind: 'user', error: 'users: forbidden' },
  { without: ['SensitivityLabels.Read.All'], kind: 'label', error: 'labels: forbidden' },
  { without: ['CopilotPackages.Read.All'], kind: 'agent', error: 'agents: forbidden' },
  { without: ['Sites.Read.All', 'Files.Read.All'], kind: 'file', error: 'files: forbidden' },
  { without: ['Chat.ReadBasic.All', 'OnlineMeetings.Read.All'], kind: 'meeting', error: 'meetings: forbidden' },
];

describe.concurrent('without a permission', () => {
  for (const { without, kind, error } of lacks) {
    it(`${without.join(' and ')}: rows ship, health and check name it`, { timeout }, () =>
      turns.add(async () => {
        const graphRoles = liveSwitches.graphRoles.filter((role) => !without.includes(role));
        await using place = await scene({ ...small, switches: { graphRoles } });
        const { rows, health, report } = await collected(place, everything);
        expectNothing(rows, kind);
        for (const other of ['user', 'label', 'agent', 'file'] as const) if (other !== kind) expectTrue(rows, other);
        // An organizer stays an object id where nobody may be asked for the name.
        if (kind !== 'user') expectTrue(rows, kind === 'meeting' ? 'user' : 'meeting');
        for (const { row } of knownRows(rows, kind)) expect(row['EnrichmentErrors']).toContain(error);
        expect(errorsOf(rows).filter((one) => one.endsWith('forbidden'))).toEqual([error]);
        const [enricher = ''] = error.split(':');
        const told = health.filter((row) => row['HealthKind'] === 'enrichment');
        expect(told).toMatchObject([{ ItemId: enricher, Reason: expect.stringContaining(without[0] ?? '') }]);
        expect(report.graph.statuses['403']).toBeGreaterThan(0);

        const checked = await place.collect(['check'], { ...place.tenant.env, ...everything });
        expect(checked.code, checked.stdout).toBe(0);
        const lines = checked.stdout.split('\n').filter((line) => line.startsWith('warn  Graph'));
        expect(lines[0]).toContain(`Graph ${enricher}: the token does not carry ${without[0] ?? ''}`);
        expect(lines.every((line) => line.startsWith(`warn  Graph ${enricher}:`))).toBe(true);
        expect(checked.stdout).not.toMatch(/^FAIL/m);
      }),
    );
  }

  it('LicenseAssignment.Read.All: who has no plan by id may have one by name, and health says so', { timeout }, () =>
    turns.add(async () => {
      const graphRoles = liveSwitches.graphRoles.filter((role) => role !== 'LicenseAssignment.Read.All');
      await using place = await scene({ ...small, switches: { graphRoles } });
      const { rows, health } = await collected(place, { LICENSE_PLAN_NAMES: 'M365_COPILOT_*' });
      const of = knownRows(rows, 'user');
      const told = of.map(({ row, expected }) => [columnsOf(row, expected), expected] as const);
      expect(told.map(([columns]) => columns)).toEqual(
        told.map(([, expected]) => ({ ...expected, UserHasCopilotLicense: expected['UserHasCopilotLicense'] || null })),
      );
      expect(new Set(told.map(([columns]) => columns['UserHasCopilotLicense']))).toEqual(new Set([true, null]));
      expect(health.filter((row) => row['HealthKind'] === 'enrichment')).toMatchObject([
        { ItemId: 'users', Reason: expect.stringContaining('LicenseAssignment.Read.All') },
      ]);
    }),
  );
});

describe.concurrent('a user who changes', () => {
  it('has a new entity row, and keeps the old facts in the old rows', { timeout }, () =>
    turns.add(async () => {
      let clock = now - 24 * hourMs;
      await using place = await scene({ ...small, days: 1, aheadHours: 24, clock: () => clock });
      await using graph = await graphProxy(place.tenant);
      const env = { GRAPH_URL: graph.url };
      const first = await collected(place, env);
      const before = newestOf(first.entities, 'user');

      graph.meddle((body) => body.replaceAll(/"department":"[^"]*"/g, '"department":"Special Projects"'));
      clock = now;
      const second = await collected(place, env);
      const isOld = new Set(first.ids);
      for (const { row, expected } of knownRows(second.rows, 'user'))
        expect(row['UserDepartment'] ?? null).toBe(
          isOld.has(String(row['RecordId'])) || expected['UserDepartment'] === null
            ? expected['UserDepartment']
            : 'Special Projects',
        );
      expect(second.rows.length).toBeGreaterThan(first.rows.length + 50);
      const after = newestOf(second.entities, 'user');
      const moved = [...after].filter(([, { Facts }]) => (Facts as StoredRow)['Department'] === 'Special Projects');
      expect(moved.length).toBeGreaterThan(5);
      for (const [key, user] of moved) {
        const known = before.get(key);
        if (known === undefined) continue;
        expect((known['Facts'] as StoredRow)['Department']).not.toBe('Special Projects');
        expect(user['FirstSeenTime']).toBe(known['FirstSeenTime']);
      }
      // The event keeps its truth; the directory shows today's.
      const answers = answersOf(place);
      const departments = (name: string): readonly string[] =>
        [...(answers[name]?.values() ?? [])].map((row) => row['UserDepartment'] ?? '');
      const isMoved = (department: string): boolean => department === '"Special Projects"';
      expect(departments('CopilotInteractions').filter((one) => one !== '""' && !isMoved(one)).length).toBeGreaterThan(
        50,
      );
      expect(departments('CopilotUsers').filter(isMoved)).toHaveLength(moved.length);
    }),
  );
});

describe.concurrent('an import', () => {
  it('without a tenant asks nobody: addresses and credits are there all the same', { timeout }, () =>
    turns.add(async () => {
      await using place = await scene(small);
      const path = join(place.directory, 'export.json');
      const records = place.tenant.blobs
        .filter(({ visibleMs }) => visibleMs <= now)
        .flatMap((blob) => JSON.parse(blob.body()) as unknown[]);
      await writeFile(path, JSON.stringify(records));
      const ended = await place.collect(['import', path], {});
      expect(ended.code, ended.stderr).toBe(0);
      const { rows, report, entities } = await outcomeOf(place, ended);
      expect(report.graph.requests).toBe(0);
      expect(errorsOf(rows)).toEqual([]);
      for (const kind of ['user', 'agent', 'meeting'] as const) expectNothing(rows, kind);
      const files = knownRows(rows, 'file');
      expect(files.length).toBeGreaterThan(20);
      for (const { row, expected } of files) {
        const { FileName, FileExtension, SiteUrl } = expected;
        expect(row).toMatchObject({ FileName, FileExtension, SiteUrl });
      }
      expect(rows.filter((row) => Number(row['CreditsGross']) > 0).length).toBeGreaterThan(10);
      expect(newestOf(entities, 'file').size).toBeGreaterThan(20);
    }),
  );
});
