/** Pseudonymisation over the real process: nobody is named in any byte, and the functions say what they said before. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copilotAudit } from '../../collector/schema/index.ts';
import { formatResult } from '../../workspace/format-result.ts';
import { directoryTables, workspaceEngine } from '../../workspace/workspace.ts';
import { afterWork, scene, summaryOf, type Ended, type Scene } from './harness.ts';
import { filesBelow, found, tracesOf } from './identity-traces.ts';
import type { StoredRow } from './outcome.ts';

const users = 12;
const key = (seed: number): string =>
  Buffer.from(Array.from({ length: 32 }, (_, at) => (at * 37 + seed) % 256)).toString('base64');
const on = { PSEUDONYMIZE: 'users,addresses', PSEUDONYM_KEY: key(1) };
const { people, addresses } = tracesOf(users);
const now = afterWork(Date.now());
const broken = {
  Id: 'no-guid',
  Operation: 'CopilotInteraction',
  RecordType: 261,
  Workload: 'Copilot',
  CreationTime: 'never',
};

interface Side {
  readonly directory: string;
  readonly said: readonly Ended[];
}

let place: Scene;
let clear: Side;
let masked: Side;

/** The same tenant, collected into a directory of its own; then a file with a record that cannot be read. */
async function collected(name: string, settings: Readonly<Record<string, string>>): Promise<Side> {
  const directory = join(place.directory, name);
  await mkdir(directory);
  const at = (part: string): string => join(directory, part);
  const env = {
    ...place.tenant.env,
    SOURCES: 'activity-feed,usage-report',
    ENRICH: 'users,labels,agents,files,meetings',
    ENRICH_WAIT_MS: '10000',
    USAGE_PERIODS: 'D7',
    INGESTION_URL: at('rows'),
    STATE_URL: at('state'),
    ARCHIVE_URL: at('archive'),
    ...settings,
  };
  const said = [await place.collect(['once'], env)];
  const [named] = [...people].filter(([, kind]) => kind === 'address').map(([upn]) => upn);
  const file = join(place.directory, `${name}.json`);
  await writeFile(
    file,
    JSON.stringify([{ ...broken, UserId: named, CopilotEventData: { Contexts: [{ Id: `8:${named ?? ''}` }] } }]),
  );
  // Somebody exported it for somebody.
  const odd = join(place.directory, `${name} of ${named ?? ''}.csv`);
  await writeFile(odd, 'no\naudit log\n');
  said.push(await place.collect(['import', file, odd], env));
  return { directory, said };
}

const rowsOf = (side: Side, table: string): Promise<readonly StoredRow[]> =>
  rowsIn(join(side.directory, 'rows', table));

async function rowsIn(directory: string): Promise<readonly StoredRow[]> {
  const files = await filesBelow(directory, '\0');
  return [...files.values()].flatMap((text) => text.split('\n').filter(Boolean)).map((line) => JSON.parse(line));
}

const engine = workspaceEngine();
function ask({ directory }: Side, query: string): unknown {
  const tables = directoryTables(join(directory, 'rows'));
  return JSON.parse(formatResult(engine.prepare(query).run({ now: new Date(), tables }), 'json'));
}

beforeAll(async () => {
  place = await scene({ users, days: 2, clock: () => now });
  [clear, masked] = await Promise.all([collected('clear', {}), collected('masked', on)]);
}, 120_000);
afterAll(() => place.close());

describe('pseudonymisation', () => {
  it('leaves nobody in any byte of rows, state, dead letters, archive and logs', async () => {
    expect(masked.said.map(({ code }) => code)).toEqual(clear.said.map(({ code }) => code));
    const files = await filesBelow(masked.directory, 'CopilotIdentities_CL');
    for (const part of [
      'rows/CopilotAudit_CL',
      'rows/CopilotEntities_CL',
      'rows/CopilotUsage_CL',
      'state/',
      'archive/',
      'dead-letters',
    ])
      expect(
        [...files.keys()].some((path) => path.includes(part)),
        part,
      ).toBe(true);
    const said = masked.said.map(({ stdout, stderr }) => stdout + stderr).join('\n');
    for (const [path, text] of [...files, ['the log', said] as const])
      expect([path, found(text, people), found(text, addresses)]).toEqual([path, [], []]);
  });

  it('would be found out by that search: without it every kind of name is there', async () => {
    const texts = [...(await filesBelow(clear.directory, 'CopilotIdentities_CL')).values()].join('\n');
    expect(found(texts, people)).toEqual(['PUID', 'account', 'address', 'alias', 'display name', 'mail', 'object id']);
    expect(found(texts, addresses)).toEqual(['address of a client']);
    expect(found(JSON.stringify(clear.said[1]), people)).toContain('address');
    expect(await rowsOf(clear, 'CopilotIdentities_CL').catch(() => [])).toEqual([]);
  });

  it('changes who, and nothing else: the same rows with the same columns filled', async () => {
    const [before, after] = await Promise.all([clear, masked].map((side) => rowsOf(side, 'CopilotAudit_CL')));
    const byId = new Map(after?.map((row) => [row['RecordId'], row]));
    expect(byId.size).toBe(before?.length);
    const ofNobody = Object.entries(copilotAudit.columns)
      .filter(
        ([name, { privacy, type }]) =>
          privacy === 'none' && type !== 'datetime' && !/^(?:ThreadId|AdminTarget|TimeClamped|IsBackfill)$/.test(name),
      )
      .map(([name]) => name);
    for (const row of before ?? []) {
      const other = byId.get(row['RecordId']) ?? {};
      expect(Object.keys(other).toSorted()).toEqual(Object.keys(row).toSorted());
      for (const name of ofNobody) expect([name, other[name]]).toEqual([name, row[name]]);
    }
    expect(summaryOf(masked.said[0] as Ended)).toEqual(summaryOf(clear.said[0] as Ended));
  });

  it('leaves the functions what they count', () => {
    for (const query of [
      'CopilotUsers | summarize Users = count(), Events = sum(EventCount), Guests = countif(UserIsGuest), Licensed = countif(UserHasCopilotLicense), Managers = dcount(UserManager)',
      'CopilotUsers | summarize count() by UserDepartment | order by UserDepartment asc',
      'CopilotInteractions | summarize Interactions = count(), People = dcount(tolower(ActorName)), Own = countif(SiteOwner =~ ActorName), Threads = dcount(ThreadId)',
      'CopilotTurns | summarize Turns = count(), Credits = round(sum(CreditsGross), 3)',
      'CopilotAgents | summarize Agents = count(), Users = sum(UserCount)',
      'CopilotLicenses | summarize Users = count(), Events = sum(EventCount) by Verdict, Basis | order by Verdict asc, Basis asc',
      'CopilotEntities("meeting") | summarize Meetings = count(), Known = countif(isnotempty(Facts.Organizer))',
      'CopilotEntities("file") | summarize Files = count(), Sized = countif(isnotnull(Facts.SizeBytes))',
    ])
      expect([query, ask(masked, query)]).toEqual([query, ask(clear, query)]);
  });

  it('tells who everybody is in the restricted table alone', async () => {
    const identities = await rowsOf(masked, 'CopilotIdentities_CL');
    const byToken = new Map(identities.map(({ Token, Identity }) => [String(Token), String(Identity)]));
    const audit = await rowsOf(masked, 'CopilotAudit_CL');
    const before = new Map((await rowsOf(clear, 'CopilotAudit_CL')).map((row) => [row['RecordId'], row]));
    for (const row of audit) {
      const own = before.get(row['RecordId']) ?? {};
      for (const name of ['ActorName', 'ActorUserId', 'UserManager', 'SiteOwner', 'SrcIpAddr', 'UserDisplayName']) {
        const [token, who] = [String(row[name]), String(own[name])];
        // A prefix (8:orgid:, ServicePrincipal_) stays.
        const bare = (text: string): string => text.slice(/^(?:8:orgid:|ServicePrincipal_)?/.exec(text)?.[0].length);
        const resolved = token === who ? bare(who) : byToken.get(bare(token));
        expect(resolved?.toLowerCase()).toBe(bare(who).toLowerCase());
      }
    }
  });

  it('is not switched off over a state that knows tokens', async () => {
    const off = await place.collect(['once'], {
      ...place.tenant.env,
      INGESTION_URL: join(masked.directory, 'rows'),
      STATE_URL: join(masked.directory, 'state'),
    });
    expect(off.code).toBe(2);
    expect(off.stderr).toContain('it was written with pseudonymisation');
  });
});
