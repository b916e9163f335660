import { describe, expect, it, test } from 'vitest';
import type { JsonRow } from '../../../../kql/engine/json-rows.ts';
import { activityRow, ask, auditRow, cloudAppRow, entityRow, fixture, interaction } from './workspace-of.ts';

const [low, high, unknown] = ['1', '2', '3'].map((n) => `d1d1d1d1-0000-4000-8000-00000000000${n}`) as [
  string,
  string,
  string,
];
const site = 'https://contoso-my.sharepoint.com/personal/adele_contoso_example';
const url = `${site}/Documents/Plan.docx`;
const meeting = '19:meeting_MDAwMA0@thread.v2';
/** Entities that came two hours after the row. */
const late = { observed: '2026-09-01T11:30:00Z' };

const entities = [
  entityRow(
    'file',
    url.toLowerCase(),
    { Url: url, SiteUrl: site, SizeBytes: 4096, ModifiedTime: '2026-08-30T08:00:00Z' },
    late,
  ),
  entityRow('site', site.toLowerCase(), { Url: site, Owner: 'adele@contoso.example', IsOneDrive: true }, late),
  entityRow(
    'meeting',
    meeting,
    { Name: 'Review', CreatedTime: '2026-08-01T08:00:00Z', Organizer: 'adele@contoso.example' },
    late,
  ),
  entityRow('label', low, { Name: 'Public', Priority: 1 }, late),
  entityRow('label', high, { Name: 'Secret', Priority: 9 }, late),
  entityRow('label', 'd1d1d1d1-0000-4000-8000-000000000007', { Name: 'Unused', Priority: 99 }, late),
  entityRow('label', 'd1d1d1d1-0000-4000-8000-000000000008', { Name: 'Odd' }, late),
  entityRow('label', 'd1d1d1d1-0000-4000-8000-000000000005', { Name: 'Five', Priority: 5 }, late),
  entityRow('label', 'd1d1d1d1-0000-4000-8000-000000000006', { Name: 'Six', Priority: 5 }, late),
];

describe('CopilotInteractions, for facts that came after the row', () => {
  const facts = {
    FileSizeBytes: 4096,
    FileModifiedTime: '2026-08-30T08:00:00Z',
    SiteOwner: 'adele@contoso.example',
    MeetingName: 'Review',
    MeetingCreatedTime: '2026-08-01T08:00:00Z',
    MeetingOrganizer: 'adele@contoso.example',
  };
  const nothing = Object.fromEntries(Object.keys(facts).map((name) => [name, null]));
  const addresses = { FileUrl: url, SiteUrl: site, MeetingId: meeting, EnrichmentErrors: ['files: late'] };
  const query = `CopilotInteractions | project ${Object.keys(facts).join(', ')}`;
  const ask1 = (columns: JsonRow) =>
    ask(query, { CopilotAudit_CL: [auditRow(interaction(1), { columns })], CopilotEntities_CL: entities });

  it('fills file, site and meeting', () => {
    expect(ask1({ ...nothing, ...addresses })).toEqual([facts]);
  });

  it('keeps what the row knew, fact by fact', () => {
    const known: Readonly<Record<string, JsonRow[string]>> = {
      FileSizeBytes: 1,
      FileModifiedTime: '2020-01-01T00:00:00Z',
      SiteOwner: 'then@contoso.example',
      MeetingName: 'then',
      MeetingCreatedTime: '2020-01-01T00:00:00Z',
      MeetingOrganizer: 'then',
    };
    for (const [name, value] of Object.entries(known))
      expect(ask1({ ...nothing, ...addresses, [name]: value ?? null })).toEqual([{ ...facts, [name]: value }]);
  });

  it('names the owner where the row had the account of the address only', () => {
    const row = { ...nothing, ...addresses, SiteOwner: 'adele_contoso_example' };
    expect(ask1(row)).toEqual([facts]);
    // The account stays where nothing better is known.
    const rows = [auditRow(interaction(1), { columns: { ...row, SiteUrl: null, FileUrl: null } })];
    expect(
      ask('CopilotInteractions | project SiteOwner', { CopilotAudit_CL: rows, CopilotEntities_CL: entities }),
    ).toEqual([{ SiteOwner: 'adele_contoso_example' }]);
  });

  it('gives the time at which the account was seen enabled or not, not that of an earlier look-up which found nobody', () => {
    const user = entityRow('user', 'megan@contoso.example', { AccountEnabled: false }, late);
    const shipped = { UserAccountEnabled: null, UserObservedTime: '2026-08-01T00:00:00Z' };
    const of = (columns: JsonRow) =>
      ask('CopilotInteractions | project UserAccountEnabled, UserObservedTime', {
        CopilotAudit_CL: [auditRow(interaction(1), { columns })],
        CopilotEntities_CL: [user],
      });
    expect(of(shipped)).toEqual([{ UserAccountEnabled: false, UserObservedTime: late.observed }]);
    expect(of({ ...shipped, UserAccountEnabled: true })).toEqual([
      { UserAccountEnabled: true, UserObservedTime: shipped.UserObservedTime },
    ]);
  });

  it('tells what failed when the row was shipped, whatever is known now', () => {
    const tables = {
      CopilotAudit_CL: [auditRow(interaction(1), { columns: addresses })],
      CopilotEntities_CL: entities,
    };
    expect(ask('CopilotInteractions | project EnrichmentErrors', tables)).toEqual([
      { EnrichmentErrors: ['files: late'] },
    ]);
  });

  it('fills nothing for rows of other tables, which have no addresses, and loses none of them', () => {
    const raws = [1, 2].map((id) => interaction(id));
    const tables = { CopilotActivity: raws.map((raw) => activityRow(raw)), CopilotEntities_CL: entities };
    const empty = { ...nothing, SiteOwner: '', MeetingName: '', MeetingOrganizer: '' };
    expect(ask(query, tables)).toEqual([empty, empty]);
    expect(ask(query, { ...tables, CopilotActivity: [], CloudAppEvents: raws.map((raw) => cloudAppRow(raw)) })).toEqual(
      [empty, empty],
    );
  });

  it('gives a row of CopilotActivity the facts of its user', () => {
    const user = entityRow('user', 'megan@contoso.example', { Department: 'Legal' }, late);
    expect(
      ask('CopilotInteractions | project UserDepartment', {
        CopilotActivity: [activityRow(interaction(1))],
        CopilotEntities_CL: [user],
      }),
    ).toEqual([{ UserDepartment: 'Legal' }]);
  });

  const labels: readonly (readonly [string, readonly string[], JsonRow, readonly [string, string, number | null]])[] = [
    ['two, the second higher', [low, high.toUpperCase()], {}, [high, 'Secret', 9]],
    ['two, the first higher', [high, low], {}, [high, 'Secret', 9]],
    ['two, one not known', [unknown, low], {}, [low, 'Public', 1]],
    ['two, neither known', [unknown, 'd1d1d1d1-0000-4000-8000-000000000004'], {}, ['', '', null]],
    ['two, one without a priority', [unknown, 'd1d1d1d1-0000-4000-8000-000000000008'], {}, ['', '', null]],
    ['one', [high], {}, [high, 'Secret', 9]],
    [
      'one of two that share a priority',
      ['d1d1d1d1-0000-4000-8000-000000000005'],
      {},
      ['d1d1d1d1-0000-4000-8000-000000000005', 'Five', 5],
    ],
    [
      'the other of two that share a priority',
      ['d1d1d1d1-0000-4000-8000-000000000006'],
      {},
      ['d1d1d1d1-0000-4000-8000-000000000006', 'Six', 5],
    ],
    ['one, not known', [unknown], {}, [unknown, '', null]],
    [
      'one, without a priority',
      ['d1d1d1d1-0000-4000-8000-000000000008'],
      {},
      ['d1d1d1d1-0000-4000-8000-000000000008', 'Odd', null],
    ],
    ['two, the top one known at the time', [low, high], { TopLabelId: low }, [low, 'Public', 1]],
    [
      'two, all known at the time',
      [low, high],
      { TopLabelId: low, TopLabelName: 'then', TopLabelPriority: 7 },
      [low, 'then', 7],
    ],
    ['none', [], {}, ['', '', null]],
  ];
  test.for(labels)('finds the top label of %s', ([, ids, columns, [TopLabelId, TopLabelName, TopLabelPriority]]) => {
    const resources = ids.map((SensitivityLabelId) => ({ Id: 'r', SensitivityLabelId }));
    const row = auditRow(interaction(1, { AccessedResources: resources }), { columns });
    const answer = ask('CopilotInteractions | project TopLabelId, TopLabelName, TopLabelPriority', {
      CopilotAudit_CL: [row],
      CopilotEntities_CL: entities,
    });
    expect(answer).toEqual([{ TopLabelId, TopLabelName, TopLabelPriority }]);
  });

  const open = { CreditsGross: 24, CreditsBillable: null, IsZeroRated: null, ZeroRatedReason: null };
  const credits: readonly (readonly [
    string,
    JsonRow,
    boolean | null,
    readonly [number | null, boolean | null, string],
  ])[] = [
    ['licensed', open, true, [0, true, 'licensed']],
    ['not licensed', open, false, [24, false, '']],
    ['still not known', open, null, [null, null, '']],
    ['licensed at the time', { ...open, UserHasCopilotLicense: true }, false, [0, true, 'licensed']],
    ['a Premium record', { ...open, LicenseType: 'Premium' }, false, [0, true, 'licensed']],
    ['settled as billed', { ...open, CreditsBillable: 24, IsZeroRated: false }, true, [24, false, '']],
    [
      'settled as free',
      { ...open, CreditsBillable: 0, IsZeroRated: true, ZeroRatedReason: 'testPane' },
      false,
      [0, true, 'testPane'],
    ],
    [
      'not estimable',
      { ...open, CreditsGross: null, ZeroRatedReason: 'notEstimable' },
      true,
      [null, null, 'notEstimable'],
    ],
    ['nothing to settle', { ...open, CreditsGross: 0, CreditsBillable: 0, IsZeroRated: false }, true, [0, false, '']],
  ];
  test.for(credits)(
    'settles credits by the licence: %s',
    ([, columns, license, [CreditsBillable, IsZeroRated, ZeroRatedReason]]) => {
      const tables = {
        CopilotAudit_CL: [auditRow(interaction(1), { columns })],
        CopilotEntities_CL: [entityRow('user', 'megan@contoso.example', { HasCopilotLicense: license }, late)],
      };
      expect(ask('CopilotInteractions | project CreditsBillable, IsZeroRated, ZeroRatedReason', tables)).toEqual([
        { CreditsBillable, IsZeroRated, ZeroRatedReason },
      ]);
    },
  );

  it('reads guest and licence from a row of Microsoft’s, before the directory', () => {
    const raw = interaction(1, {}, { UserType: 10, LicenseType: 'Premium' });
    const user = entityRow('user', 'megan@contoso.example', { IsGuest: false, HasCopilotLicense: false }, late);
    const tables = { CloudAppEvents: [cloudAppRow(raw)], CopilotEntities_CL: [user] };
    const expected = [{ UserIsGuest: true, UserHasCopilotLicense: true }];
    expect(ask('CopilotInteractions | project UserIsGuest, UserHasCopilotLicense', tables)).toEqual(expected);
  });

  it('takes the newest copy of a row and the newest facts', () => {
    const tables = {
      CopilotAudit_CL: [
        auditRow(interaction(1), { received: '2026-09-01T11:00:00Z', columns: { UserDepartment: 'Sales' } }),
        auditRow(interaction(1)),
      ],
      CopilotEntities_CL: [
        entityRow('user', 'megan@contoso.example', { Department: 'no', JobTitle: 'new' }, late),
        entityRow('user', 'megan@contoso.example', { Department: 'no', JobTitle: 'old' }),
      ],
    };
    expect(ask('CopilotInteractions | project UserDepartment, UserJobTitle', tables)).toEqual([
      { UserDepartment: 'Sales', UserJobTitle: 'new' },
    ]);
  });
});

describe('first sight and observation', () => {
  it('are those that the collector remembers, however far the events go back', () => {
    const agent = '7c7c7c7c-0000-4000-8000-00000000000a';
    const packageId = 'P_9e9e9e9e-0000-4000-8000-00000000000c';
    const seen = (row: JsonRow, FirstSeenTime: string | null): JsonRow => ({ ...row, FirstSeenTime });
    const megan = { AccountEnabled: false, UserPrincipalName: 'megan@contoso.example' };
    const tables = {
      CopilotAudit_CL: [auditRow(interaction(1, {}, { AgentId: agent }))],
      CopilotEntities_CL: [
        seen(entityRow('user', 'megan@contoso.example', megan), '2025-12-24T00:00:00Z'),
        { ...seen(entityRow('user', 'alex@contoso.example', {}), '2026-08-31T00:00:00Z'), Facts: null },
        seen(entityRow('agent', packageId, { Name: 'Desk' }), null),
        { ...seen(entityRow('agent', agent, {}, { aliases: [packageId] }), '2025-12-25T00:00:00Z'), Facts: null },
        seen(entityRow('agent', 'P_unused', { Name: 'Unused' }), null),
      ],
    };
    const users = 'project UserKey, FirstSeenTime, UserAccountEnabled, UserObservedTime, EventCount';
    expect(ask(`CopilotUsers(ago(14d)) | sort by UserKey desc | ${users}`, tables)).toEqual([
      {
        UserKey: 'megan@contoso.example',
        FirstSeenTime: '2025-12-24T00:00:00Z',
        UserAccountEnabled: false,
        UserObservedTime: '2026-09-01T00:00:00Z',
        EventCount: 1,
      },
      {
        UserKey: 'alex@contoso.example',
        FirstSeenTime: '2026-08-31T00:00:00Z',
        UserAccountEnabled: null,
        UserObservedTime: null,
        EventCount: 0,
      },
    ]);
    const agents = 'project AgentKey, AgentName, FirstSeenTime, EventCount';
    expect(ask(`CopilotAgents(ago(14d)) | sort by AgentKey asc | ${agents}`, tables)).toEqual([
      { AgentKey: agent, AgentName: 'Desk', FirstSeenTime: '2025-12-25T00:00:00Z', EventCount: 1 },
      { AgentKey: 'P_unused', AgentName: 'Unused', FirstSeenTime: null, EventCount: 0 },
    ]);
  });
});

describe('CopilotModels', () => {
  it('has every model, not the first only', () => {
    const ModelTransparencyDetails = [
      { ModelName: 'GPT-X', ModelProviderName: 'OpenAI', ModelVersion: '1' },
      { ModelName: 'DEEP_LEO' },
      null,
    ];
    const raw = interaction(1, { ModelTransparencyDetails });
    const expected = [
      { ModelIndex: 0, ModelName: 'GPT-X', ModelProvider: 'OpenAI', ModelVersion: '1' },
      { ModelIndex: 1, ModelName: 'DEEP_LEO', ModelProvider: '', ModelVersion: '' },
    ];
    for (const tables of [{ CopilotAudit_CL: [auditRow(raw)] }, { CopilotActivity: [activityRow(raw)] }])
      expect(
        ask(
          'CopilotModels | sort by ModelIndex asc | project ModelIndex, ModelName, ModelProvider, ModelVersion',
          tables,
        ),
      ).toEqual(expected);
    expect(ask('CopilotModels', { CopilotAudit_CL: [auditRow(fixture('null-collections'))] })).toEqual([]);
  });
});
