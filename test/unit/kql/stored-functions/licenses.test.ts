import { describe, expect, it, test } from 'vitest';
import type { JsonRow } from '../../../../kql/engine/json-rows.ts';
import { activityRow, ask, auditRow, entityRow, fixture, interaction, valuesOf } from './workspace-of.ts';

const report = (UserPrincipalName: string, LastActivityDate: string | null, columns: JsonRow = {}): JsonRow => ({
  TimeGenerated: '2026-09-01T10:00:00Z',
  RecordId: `${UserPrincipalName} ${JSON.stringify(columns)}`,
  ReportKind: 'user',
  ReportRefreshDate: '2026-08-30T00:00:00Z',
  ReportPeriod: 'D30',
  ReportVersion: 'v2',
  UserPrincipalName,
  LastActivityDate,
  ...columns,
});
const user = (name: string, facts: JsonRow | null, aliases: readonly string[] = []): JsonRow => ({
  ...entityRow('user', `${name}@contoso.example`, {}, { aliases }),
  Facts: facts,
});
const event = (id: number, name: string, changes: object = {}, prompts = 1) =>
  interaction(
    id,
    { Messages: Array.from({ length: prompts }, (_, at) => ({ Id: String(at), isPrompt: true })) },
    { UserId: `${name}@contoso.example`, ...changes },
  );
const [recent, old] = ['2026-08-20T00:00:00Z', '2026-06-01T00:00:00Z'];
const [licensed, unlicensed] = [{ HasCopilotLicense: true }, { HasCopilotLicense: false }];
const [objectId, otherId] = ['3d3d3d3d-0000-4000-8000-00000000000a', '3d3d3d3d-0000-4000-8000-00000000000b'];
const zeros = '00000000-0000-0000-0000-000000000000';
const hash = (digit: string): string => digit.repeat(32);

interface Case {
  readonly name: string;
  readonly reports?: readonly JsonRow[];
  readonly users?: readonly JsonRow[];
  readonly events?: readonly ReturnType<typeof event>[];
  readonly expected: readonly (readonly [key: string, verdict: string, basis: string])[];
}

const cases: readonly Case[] = [
  {
    name: 'a licence in use: report and audit agree',
    reports: [report('Megan@contoso.example', recent)],
    users: [user('megan', licensed)],
    events: [event(1, 'MEGAN')],
    expected: [['megan@contoso.example', 'licensed-active', 'both']],
  },
  {
    name: 'a licence in use that only the report tells of',
    reports: [report('megan@contoso.example', recent)],
    expected: [['megan@contoso.example', 'licensed-active', 'report']],
  },
  {
    name: 'a licence in use that only events tell of, because the report lags',
    reports: [report('megan@contoso.example', old)],
    events: [event(1, 'megan')],
    expected: [['megan@contoso.example', 'licensed-active', 'both']],
  },
  {
    name: 'an idle licence',
    reports: [report('megan@contoso.example', old)],
    expected: [['megan@contoso.example', 'licensed-idle', 'report']],
  },
  {
    name: 'a licence that was never used',
    reports: [report('megan@contoso.example', null)],
    expected: [['megan@contoso.example', 'licensed-idle', 'report']],
  },
  {
    name: 'a report is judged by its own day',
    reports: [
      report('megan@contoso.example', '2026-08-01T00:00:00Z'),
      report('alex@contoso.example', '2026-07-30T00:00:00Z'),
    ],
    expected: [
      ['alex@contoso.example', 'licensed-idle', 'report'],
      ['megan@contoso.example', 'licensed-active', 'report'],
    ],
  },
  {
    name: 'a licence of the directory whose user nobody sees any more',
    users: [user('megan', licensed)],
    expected: [['megan@contoso.example', 'licensed-idle', 'directory']],
  },
  {
    name: 'a user without a licence',
    users: [user('megan', unlicensed)],
    events: [event(1, 'megan')],
    expected: [['megan@contoso.example', 'unlicensed-active', 'audit']],
  },
  {
    name: 'a user without a licence who does nothing',
    users: [user('megan', unlicensed)],
    expected: [['megan@contoso.example', 'unlicensed-idle', 'directory']],
  },
  {
    name: 'a record that names the licence, where the directory is silent',
    users: [user('megan', null)],
    events: [event(1, 'megan', { LicenseType: 'Premium' })],
    expected: [['megan@contoso.example', 'licensed-active', 'audit']],
  },
  {
    name: 'a user of whom nobody says whether there is a licence',
    events: [event(1, 'megan')],
    expected: [['megan@contoso.example', 'unknown', 'audit']],
  },
  {
    name: 'one user under the name of the report and the id of the record',
    reports: [report('megan@contoso.example', old)],
    users: [user('megan', licensed, ['3E3E'])],
    events: [interaction(1, {}, { UserId: '3e3e' })],
    expected: [['megan@contoso.example', 'licensed-active', 'both']],
  },
  {
    name: 'one user under all spellings of records, by the object id that the directory knows',
    reports: [report('megan@contoso.example', old)],
    users: [user('megan', licensed, [objectId])],
    events: [
      interaction(1, {}, { UserId: 'Megan Bowen', UserKey: objectId }),
      interaction(2, {}, { UserId: `8:orgid:${objectId}`, UserKey: objectId.toUpperCase() }),
      event(3, 'megan', { UserKey: objectId }),
    ],
    expected: [['megan@contoso.example', 'licensed-active', 'both']],
  },
  {
    name: 'one user under several spellings whom the directory does not know, as in the report',
    reports: [report('megan@contoso.example', old)],
    events: [
      interaction(1, {}, { UserId: 'Megan Bowen', UserKey: objectId }),
      event(2, 'Megan', { UserKey: objectId }),
    ],
    expected: [['megan@contoso.example', 'licensed-active', 'both']],
  },
  {
    name: 'users by their ids, and no common user behind ids that say nothing',
    users: [user('megan', licensed, [objectId]), user('alex', unlicensed, [otherId])],
    events: [
      event(1, 'megan', { UserKey: objectId }),
      event(2, 'alex', { UserKey: otherId }),
      event(3, 'bianca', { UserKey: 'N/A' }),
      event(4, 'carlos', { UserKey: 'N/A' }),
      event(5, 'dora', { UserKey: zeros }),
      event(6, 'emil', { UserKey: zeros }),
    ],
    expected: [
      ['alex@contoso.example', 'unlicensed-active', 'audit'],
      ['bianca@contoso.example', 'unknown', 'audit'],
      ['carlos@contoso.example', 'unknown', 'audit'],
      ['dora@contoso.example', 'unknown', 'audit'],
      ['emil@contoso.example', 'unknown', 'audit'],
      ['megan@contoso.example', 'licensed-active', 'audit'],
    ],
  },
];

describe('CopilotLicenses', () => {
  test.for(cases)('tells $name', ({ reports = [], users = [], events = [], expected }) => {
    const tables = {
      CopilotUsage_CL: reports,
      CopilotEntities_CL: users,
      CopilotAudit_CL: events.map((raw) => auditRow(raw)),
    };
    const found = ask(
      'CopilotLicenses | sort by UserKey asc | project UserKey, Verdict, Basis, IsPossibleDouble',
      tables,
    );
    expect(found.map(({ UserKey, Verdict, Basis }) => [UserKey, Verdict, Basis])).toEqual(expected);
    expect(valuesOf(found, 'IsPossibleDouble')).not.toContain(true);
  });

  it('takes other days', () => {
    const tables = { CopilotUsage_CL: [report('megan@contoso.example', '2026-08-01T00:00:00Z')] };
    const verdicts = (call: string) => valuesOf(ask(call, tables), 'Verdict');
    expect(verdicts('CopilotLicenses(7)')).toEqual(['licensed-idle']);
    expect(verdicts('CopilotLicenses(60)')).toEqual(['licensed-active']);
  });

  it('counts interactions and prompts once, of both tables, and the last activity over all periods', () => {
    const raws = [event(1, 'megan', {}, 2), event(2, 'megan', { CreationTime: '2026-09-01T11:00:00' }, 3)];
    const rows = raws.map((raw) => auditRow(raw));
    const tables = {
      CopilotAudit_CL: [...rows, ...rows],
      CopilotActivity: [...raws, event(3, 'megan', { CreationTime: '2026-08-01T11:00:00' })].map((raw) =>
        activityRow(raw),
      ),
      CopilotUsage_CL: [
        report('megan@contoso.example', old, { ReportPeriod: 'D7' }),
        report('megan@contoso.example', recent, { ReportPeriod: 'D90' }),
        report('megan@contoso.example', recent, { ReportRefreshDate: '2026-08-28T00:00:00Z' }),
      ],
    };
    expect(ask('CopilotLicenses | project EventCount, PromptCount, LastEventTime, LastReportActivity', tables)).toEqual(
      [{ EventCount: 2, PromptCount: 5, LastEventTime: '2026-09-01T11:00:00Z', LastReportActivity: recent }],
    );
  });

  it('does not take for use what is none', () => {
    const raws = [
      fixture('plugin-disable-style-b'),
      fixture('studio-test-pane'),
      fixture('security-copilot-agent-user'),
      interaction(1, { AppHost: 'Security Copilot' }, { AppIdentity: 'Copilot.Security.SecurityCopilot' }),
      interaction(2, {}, { RecordType: 284, Operation: 'AIAppInteraction', Workload: 'AIApp' }),
    ];
    expect(ask('CopilotLicenses', { CopilotAudit_CL: raws.map((raw) => auditRow(raw)) })).toEqual([]);
  });

  describe('where names are concealed', () => {
    const tables = {
      CopilotUsage_CL: [
        report(hash('A'), recent, { IsConcealed: true }),
        report(hash('B'), old, { IsConcealed: true }),
        // The mark may be missing.
        report(hash('C'), recent),
      ],
      CopilotAudit_CL: ['megan', 'alex', 'guest'].map((name, id) =>
        auditRow(event(id, name, { UserKey: `3d3d3d3d-0000-4000-8000-00000000000${id + 1}` })),
      ),
      CopilotEntities_CL: [user('megan', licensed), user('alex', unlicensed), user('idle', licensed)],
    };
    const query = 'CopilotLicenses | sort by UserKey asc | project UserKey, Verdict, IsConcealed, IsPossibleDouble';

    it('keeps rows of the report apart, and marks who may be among them', () => {
      expect(ask(query, tables).map((row) => Object.values(row))).toEqual([
        [hash('a'), 'licensed-active', true, false],
        ['alex@contoso.example', 'unlicensed-active', false, false],
        [hash('b'), 'licensed-idle', true, false],
        [hash('c'), 'licensed-active', true, false],
        ['guest@contoso.example', 'unknown', false, true],
        ['idle@contoso.example', 'licensed-idle', false, true],
        ['megan@contoso.example', 'licensed-active', false, true],
      ]);
    });

    it('counts each licence once', () => {
      const counted =
        'CopilotLicenses | where not(IsPossibleDouble) | summarize Users = count() by Verdict | sort by Verdict asc';
      expect(ask(counted, tables)).toEqual([
        { Verdict: 'licensed-active', Users: 2 },
        { Verdict: 'licensed-idle', Users: 1 },
        { Verdict: 'unlicensed-active', Users: 1 },
      ]);
    });
  });

  it('keeps organisations apart', () => {
    const [ours, theirs] = ['0a1b2c3d-0000-4000-8000-0000000000ff', '0a1b2c3d-0000-4000-8000-0000000000ee'];
    const tables = {
      CopilotUsage_CL: [report(hash('A'), recent, { OrganizationId: theirs })],
      CopilotAudit_CL: [auditRow(event(1, 'megan'))],
      CopilotEntities_CL: [
        { ...user('megan', licensed), OrganizationId: ours },
        { ...user('alex', licensed), OrganizationId: theirs },
      ],
    };
    expect(
      ask('CopilotLicenses | sort by UserKey asc | project UserKey, OrganizationId, IsPossibleDouble', tables),
    ).toEqual([
      { UserKey: hash('a'), OrganizationId: theirs, IsPossibleDouble: false },
      { UserKey: 'alex@contoso.example', OrganizationId: theirs, IsPossibleDouble: true },
      { UserKey: 'megan@contoso.example', OrganizationId: ours, IsPossibleDouble: false },
    ]);
  });
});
