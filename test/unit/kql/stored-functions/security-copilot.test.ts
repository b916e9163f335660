/** Functions about Security Copilot, on rows that the collector makes of its records, and on Microsoft's own rows. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonRow } from '../../../../kql/engine/json-rows.ts';
import { activityRow, ask, auditRow, cloudAppRow, entityRow, fixture, idOf, interaction } from './workspace-of.ts';

type Raw = Readonly<Record<string, unknown>>;

const day = '(datetime(2026-09-01), datetime(2026-09-02))';
const identity = { AppIdentity: 'Copilot.Security.SecurityCopilot', ApplicationName: 'Security Copilot' };

/** A raw admin operation of Security Copilot with these changes of settings. */
function change(id: number, recordType: number, operation: string, resource: readonly Raw[] = [], more: Raw = {}): Raw {
  const raw = { ...interaction(id), ...identity, RecordType: recordType, Operation: operation, UserType: 2, ...more };
  const { CopilotEventData: _none, ...rest } = raw as Record<string, unknown>;
  return { ...rest, CopilotSettingsEventData: { Resource: resource } };
}
const setting = (property: string, from: string, to: string): Raw => ({
  Property: property,
  OriginalValue: from,
  NewValue: to,
});

const verbs = ['create', 'update', 'delete', 'enable', 'disable'] as const;
const nouns = ['Plugin', 'Workspace', 'PromptBook'] as const;
const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

describe('CopilotSecurityPrompts', () => {
  const names = ['security-copilot-session', 'security-copilot-in-defender', 'security-copilot-agent-user'];
  const query = (more: string): string => `CopilotSecurityPrompts${day} | sort by RecordId asc | ${more}`;

  it('tells people from agents, and the standalone experience from those in other portals', () => {
    const tables = { CopilotAudit_CL: names.map((name) => auditRow(fixture(name))) };
    expect(ask(query('project Experience, Surface, Portal, ActorKind, ActorAgentId, SessionId'), tables)).toEqual([
      {
        Experience: 'Security Copilot Standalone',
        Surface: 'standalone',
        Portal: 'https://securitycopilot.microsoft.com',
        ActorKind: 'person',
        ActorAgentId: '',
        SessionId: 'f6f6f6f6-0000-4000-8000-000000000001',
      },
      {
        Experience: 'Copilot in Defender',
        Surface: 'embedded',
        Portal: 'https://security.microsoft.com',
        ActorKind: 'person',
        ActorAgentId: '',
        SessionId: 'f6f6f6f6-0000-4000-8000-000000000004',
      },
      {
        Experience: 'Security Copilot Standalone',
        Surface: 'standalone',
        Portal: '',
        ActorKind: 'agent',
        ActorAgentId: '5f5f5f5f-0000-4000-8000-00000000000d',
        SessionId: '19:synthetic-thread-01@thread.v2',
      },
    ]);
  });

  it('has the same rows from CloudAppEvents and CopilotActivity, where the collector has none', () => {
    const columns =
      'project RecordId, EventTime, Surface, Portal, SessionId, ActorKind, ActorAgentId, Prompts, Answers';
    const raws = names.map((name) => fixture(name));
    const expected = ask(query(columns), { CopilotAudit_CL: raws.map((raw) => auditRow(raw)) });
    expect(expected).toHaveLength(3);
    expect(ask(query(columns), { CloudAppEvents: raws.map((raw) => cloudAppRow(raw, 'text')) })).toEqual(expected);
    expect(ask(query(columns), { CopilotActivity: raws.map((raw) => activityRow(raw)) })).toEqual(expected);
  });

  it('counts what a record tells: one prompt at least, and units as a range', () => {
    const message = (isPrompt: boolean) => ({ Id: 'f6f6f6f6-0000-4000-8000-000000000009', isPrompt });
    const raws = [
      interaction(1, { Messages: [] }, identity),
      interaction(2, { Messages: [message(true), message(true), message(false)] }, identity),
    ];
    expect(
      ask(query('project Prompts, Answers, UnitsAtLeast, UnitsAtMost'), {
        CopilotAudit_CL: raws.map((raw) => auditRow(raw)),
      }),
    ).toEqual([
      { Prompts: 1, Answers: 0, UnitsAtLeast: 0.5, UnitsAtMost: 3 },
      { Prompts: 2, Answers: 1, UnitsAtLeast: 1, UnitsAtMost: 6 },
    ]);
  });

  it('takes no prompt of another Copilot, no administration and no trigger', () => {
    const raws = [
      interaction(1, { AppHost: 'Defender' }, { AppIdentity: 'Copilot.MicrosoftCopilot.BizChat' }),
      change(2, 314, 'DisablePlugin', [setting('Skillsets.Lab', 'Enabled', 'Disabled')]),
      fixture('security-copilot-trigger'),
    ];
    const tables = { CopilotAudit_CL: raws.map((raw) => auditRow(raw)) };
    expect(ask(query('project RecordId'), tables)).toEqual([]);
    expect(ask(`CopilotEvents${day}`, tables)).toHaveLength(3);
  });

  it('takes ApplicationName for it where a record has no AppIdentity, and names other actors services', () => {
    const raws = [
      interaction(1, {}, { ApplicationName: 'security copilot' }),
      interaction(2, {}, { ...identity, UserId: 'ServicePrincipal_5f5f5f5f-0000-4000-8000-00000000000e' }),
    ];
    expect(
      ask(query('project RecordId, ActorKind, Surface, Experience'), {
        CopilotAudit_CL: raws.map((raw) => auditRow(raw)),
      }),
    ).toEqual([
      { RecordId: idOf(1), ActorKind: 'person', Surface: 'embedded', Experience: 'Word' },
      { RecordId: idOf(2), ActorKind: 'service', Surface: 'embedded', Experience: 'Word' },
    ]);
  });

  it("counts copies once, finds late rows by when they happened, and knows today's facts", () => {
    const late = interaction(1, {}, { ...identity, CreationTime: '2026-08-25T09:30:00' });
    const tables = {
      CopilotAudit_CL: [
        auditRow(late, { received: '2026-09-01T10:00:00Z' }),
        auditRow(late, { received: '2026-09-01T11:00:00Z' }),
      ],
      CopilotEntities_CL: [entityRow('user', 'megan@contoso.example', { DisplayName: 'Megan', Department: 'SOC' })],
    };
    expect(
      ask(
        'CopilotSecurityPrompts(datetime(2026-08-25), datetime(2026-08-26)) | project EventTime, IngestedAt, UserDepartment',
        tables,
      ),
    ).toEqual([{ EventTime: '2026-08-25T09:30:00Z', IngestedAt: '2026-09-01T10:00:00Z', UserDepartment: 'SOC' }]);
    expect(ask(query('count'), tables)).toEqual([{ Count: 0 }]);
  });
});

describe('CopilotSecurityAdmin', () => {
  const query = (more: string): string =>
    `CopilotSecurityAdmin${day} | sort by RecordId asc, ChangeIndex asc | ${more}`;
  const of = (raws: readonly Raw[], more: string) =>
    ask(query(more), { CopilotAudit_CL: raws.map((raw) => auditRow(raw)) });

  it('has one action and object for both naming styles, of every object', () => {
    const raws = nouns.flatMap((noun, n) =>
      verbs.flatMap((verb, v) =>
        ['', 'Copilot'].map((infix, style) =>
          change(1 + n * 20 + v * 2 + style, 310 + n * verbs.length + v, `${capital(verb)}${infix}${noun}`, [
            setting(`Skillsets.${noun}1`, '', ''),
          ]),
        ),
      ),
    );
    expect(of(raws, 'project AdminAction, AdminObject, Item, Level, IsWeakening, Operation')).toEqual(
      nouns.flatMap((noun) =>
        verbs.flatMap((verb) =>
          ['', 'Copilot'].map((infix) => ({
            AdminAction: verb,
            AdminObject: noun.toLowerCase(),
            Item: `${noun}1`,
            Level: '',
            IsWeakening: null,
            Operation: `${capital(verb)}${infix}${noun}`,
          })),
        ),
      ),
    );
  });

  it.each<readonly [string, string, string, string, readonly [string, string, string, boolean | null]]>([
    ['UpdateCopilotSettings', 'Settings.AllowAuditLogging', 'True', 'False', ['AllowAuditLogging', '', 'closed', true]],
    [
      'UpdateTenantSettings',
      'Settings.AllowAuditLogging',
      'False',
      'True',
      ['AllowAuditLogging', 'tenant', 'opened', false],
    ],
    [
      'UpdateTenantSettings',
      'Settings.AllowAuditLogging',
      '',
      'Disabled',
      ['AllowAuditLogging', 'tenant', 'closed', true],
    ],
    ['UpdateCopilotSettings', 'Settings.PluginsTenant', 'Owners', 'Everyone', ['Plugins', 'tenant', 'opened', true]],
    ['UpdateCopilotSettings', 'Settings.PluginsUser', 'Everyone', 'Owners', ['Plugins', 'user', 'closed', false]],
    ['UpdateUserSettings', 'Settings.PluginsTenant', 'Everyone', 'everyone', ['Plugins', 'user', 'same', false]],
    [
      'UpdateCopilotSettings',
      'Settings.allowO365DataCollection',
      'False',
      'True',
      ['allowO365DataCollection', '', 'opened', true],
    ],
    ['UpdateCopilotSettings', 'Settings.Theme', 'Light', 'Dark', ['Theme', '', '', null]],
    ['UpdateCopilotSettings', 'FileUploads', 'Disabled', 'Enabled', ['FileUploads', '', 'opened', true]],
    ['UpdateCopilotSettings', 'Settings.BlockFileUploads', 'True', 'False', ['BlockFileUploads', '', 'closed', true]],
    ['UpdateCopilotSettings', 'Settings.RequireOwner', 'False', 'True', ['RequireOwner', '', 'opened', false]],
    ['UpdateCopilotSettings', 'Settings.DisableAuditLog', 'False', 'True', ['DisableAuditLog', '', 'opened', true]],
    ['UpdateCopilotSettings', 'Tenant', 'True', 'False', ['Tenant', 'tenant', 'closed', false]],
  ])('tells level and weakening: %s of %s from %j to %j', (operation, property, from, to, expected) => {
    const [Item, Level, Change, IsWeakening] = expected;
    expect(
      of([change(1, 325, operation, [setting(property, from, to)])], 'project Item, Level, Change, IsWeakening'),
    ).toEqual([{ Item, Level, Change, IsWeakening }]);
  });

  it('has a row for each changed setting of a record, not for the first alone, however late and often it came', () => {
    const raw = change(1, 325, 'UpdateTenantSettings', [
      setting('Settings.Theme', 'Light', 'Dark'),
      setting('Settings.AllowAuditLogging', 'True', 'False'),
      { property: 'FileUploads', originalvalue: 'Disabled', NEWVALUE: 'Enabled' },
    ]);
    const columns = 'project ChangeIndex, Item, OldValue, NewValue, IsWeakening';
    const expected = [
      { ChangeIndex: 0, Item: 'Theme', OldValue: 'Light', NewValue: 'Dark', IsWeakening: null },
      { ChangeIndex: 1, Item: 'AllowAuditLogging', OldValue: 'True', NewValue: 'False', IsWeakening: true },
      { ChangeIndex: 2, Item: 'FileUploads', OldValue: 'Disabled', NewValue: 'Enabled', IsWeakening: true },
    ];
    expect(of([raw], columns)).toEqual(expected);
    const copies = [raw, raw].map((one, n) => auditRow(one, { received: `2026-09-04T1${n}:00:00Z` }));
    expect(
      ask(query(`where IngestedAt == datetime(2026-09-04T10:00) | ${columns}`), { CopilotAudit_CL: copies }),
    ).toEqual(expected);
    const documented = {
      ...raw,
      CopilotSettingsEventData: {
        Resource: [
          setting('Settings.Theme', 'Light', 'Dark'),
          setting('Settings.AllowAuditLogging', 'True', 'False'),
          setting('FileUploads', 'Disabled', 'Enabled'),
        ],
      },
    };
    expect(ask(query(columns), { CloudAppEvents: [cloudAppRow(documented, 'text')] })).toEqual(expected);
    expect(ask(query(columns), { CopilotActivity: [activityRow(documented)] })).toEqual(expected);
  });

  it('names files, agents and what has no settings', () => {
    const raws = [
      change(1, 325, 'UploadFile', [setting('FileUploads', '', 'runbook.pdf')]),
      change(2, 325, 'DeleteFile', [
        setting('Settings.Theme', 'Light', 'Dark'),
        setting('FileUploads', 'runbook.pdf', ''),
      ]),
      change(3, 314, 'DisableCopilotPlugin', [setting('FileUploads', 'Enabled', 'Disabled')]),
      change(4, 325, 'CreateCopilotAgent', [setting('Agents.PhishingTriage', '', '')]),
      change(5, 325, 'UpdatePluginSettings', [setting('Skillsets.Lab', 'Disabled', 'Enabled')]),
      change(6, 322, 'DeletePromptBook', [], { ObjectId: 'pb-1' }),
    ];
    const row = (AdminAction: string, AdminObject: string, Item: string, IsWeakening: boolean | null = null) => ({
      AdminAction,
      AdminObject,
      Item,
      IsWeakening,
    });
    expect(of(raws, 'project AdminAction, AdminObject, Item, IsWeakening')).toEqual([
      row('upload', 'file', 'runbook.pdf'),
      row('delete', 'file', 'Theme'),
      row('delete', 'file', 'runbook.pdf'),
      row('disable', 'plugin', 'FileUploads', false),
      row('create', 'agent', 'PhishingTriage'),
      row('settings', 'plugin', 'Lab'),
      row('delete', 'promptbook', 'pb-1'),
    ]);
  });

  it('takes no operation of another product, and those of nobody by their object', () => {
    const none = { AppIdentity: undefined, ApplicationName: undefined };
    const raws = [
      fixture('agent-settings-changed'),
      change(2, 310, 'CreatePlugin', [setting('Skillsets.Lab', '', '')], {
        AppIdentity: 'Copilot.Studio.Other',
        ApplicationName: 'Studio',
      }),
      change(3, 310, 'CreatePlugin', [setting('Skillsets.Lab', '', '')], none),
      change(4, 325, 'UpdateCopilotSettings', [setting('Settings.AllowAuditLogging', 'True', 'False')], none),
      change(5, 325, 'UpdateCopilotSettings', [setting('Settings.AllowAuditLogging', 'True', 'False')], {
        AppIdentity: undefined,
      }),
    ];
    expect(of(raws, 'project RecordId')).toEqual([3, 4, 5].map((id) => ({ RecordId: idOf(id) })));
  });
});

describe('CopilotSecurityCapacity', () => {
  const resource =
    '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/security/providers/Microsoft.SecurityCopilot/capacities/Contoso';
  let step = 0;
  /** A step of an operation on the capacity, at this hour of September 1. */
  const activity = (
    hour: string,
    operation: string,
    verb: string,
    status: string,
    units?: number,
    more: JsonRow = {},
  ): JsonRow => ({
    TimeGenerated: `2026-09-01T${hour}Z`,
    _TimeReceived: `2026-09-01T${hour.slice(0, 2)}:59:${String((step += 1) % 60).padStart(2, '0')}Z`,
    OperationNameValue: `MICROSOFT.SECURITYCOPILOT/CAPACITIES/${verb}`,
    ActivityStatusValue: status,
    Caller: 'Owner@contoso.example',
    CallerIpAddress: '192.0.2.9',
    CorrelationId: operation,
    _ResourceId: resource.toLowerCase(),
    Properties_d:
      units === undefined ? null : { requestbody: JSON.stringify({ properties: { numberOfUnits: units } }) },
    ...more,
  });
  const query = (more: string): string => `CopilotSecurityCapacity${day} | sort by EventTime asc | ${more}`;

  const week = [
    activity('01:00:00', 'a', 'WRITE', 'Start', 1),
    activity('01:00:09', 'a', 'WRITE', 'Success', undefined, {
      ActivitySubstatusValue: 'Created (HTTP Status Code: 201)',
    }),
    activity('02:00:00', 'b', 'write', 'Success', 3),
    activity('03:00:00', 'c', 'WRITE', 'Failure', 9),
    activity('04:00:00', 'd', 'WRITE', 'Succeeded', 3),
    activity('05:00:00', 'e', 'DELETE', 'Accepted'),
    activity('05:00:30', 'e', 'DELETE', 'Success'),
    activity('06:00:00', 'f', 'WRITE', 'Success', 2),
    activity('07:00:00', 'g', 'READ', 'Success'),
    activity('07:00:00', 'h', 'LISTKEYS/ACTION', 'Success'),
    activity('07:00:00', 'k', 'PROVIDERS/MICROSOFT.INSIGHTS/DIAGNOSTICSETTINGS/WRITE', 'Success'),
    activity('08:00:00', 'i', 'WRITE', 'Success', 2, { OperationNameValue: 'MICROSOFT.FABRIC/CAPACITIES/WRITE' }),
    activity('09:00:00', 'j', 'WRITE', 'Success', 4),
  ];

  it('has one row for an operation, with units before, units now, and how long they held, whatever else was done', () => {
    const columns = 'project EventTime, Change, IsSuccess, Status, Units, UnitsBefore, Until';
    const row = (
      hour: string,
      Change: string,
      Status: string,
      Units: number | null,
      UnitsBefore: number | null,
      until: string | null,
    ) => ({
      EventTime: `2026-09-01T${hour}:00:00Z`,
      Change,
      IsSuccess: Status.startsWith('Succe'),
      Status,
      Units,
      UnitsBefore,
      Until: until === null ? null : `2026-09-01T${until}:00:00Z`,
    });
    expect(ask(query(columns), { AzureActivity: week })).toEqual([
      row('01', 'created', 'Success', 1, null, '02'),
      row('02', 'scaled', 'Success', 3, 1, '04'),
      row('03', 'created or scaled', 'Failure', 9, null, null),
      row('04', 'changed', 'Succeeded', 3, 3, '05'),
      row('05', 'deleted', 'Success', 0, 3, '06'),
      row('06', 'created', 'Success', 2, 0, '09'),
      row('07', 'listkeys/action', 'Success', null, null, null),
      row('09', 'scaled', 'Success', 4, 2, null),
    ]);
  });

  it('names who did it, to what, and when the first step came in', () => {
    expect(
      ask(query('take 1 | project ActorName, SrcIpAddr, Capacity, ResourceId, CorrelationId, IngestedAt'), {
        AzureActivity: week,
      }),
    ).toEqual([
      {
        ActorName: 'owner@contoso.example',
        SrcIpAddr: '192.0.2.9',
        Capacity: 'contoso',
        ResourceId: resource.toLowerCase(),
        CorrelationId: 'a',
        IngestedAt: '2026-09-01T01:59:01Z',
      },
    ]);
  });

  it('keeps capacities apart, and steps beyond the bounds with their operation', () => {
    const other = { _ResourceId: `${resource.toLowerCase()}-2` };
    const rows = [
      activity('01:00:00', 'a', 'WRITE', 'Success', 1),
      activity('02:00:00', 'b', 'WRITE', 'Success', 5, other),
      activity('23:59:50', 'c', 'WRITE', 'Start', 4),
      { ...activity('23:59:59', 'c', 'WRITE', 'Success'), TimeGenerated: '2026-09-02T00:00:20Z' },
    ];
    expect(ask(query('project Capacity, Change, IsSuccess, Units, UnitsBefore'), { AzureActivity: rows })).toEqual([
      { Capacity: 'contoso', Change: 'created or scaled', IsSuccess: true, Units: 1, UnitsBefore: null },
      { Capacity: 'contoso-2', Change: 'created or scaled', IsSuccess: true, Units: 5, UnitsBefore: null },
      { Capacity: 'contoso', Change: 'scaled', IsSuccess: true, Units: 4, UnitsBefore: 1 },
    ]);
    expect(ask('CopilotSecurityCapacity(datetime(2026-09-02)) | count', { AzureActivity: rows })).toEqual([
      { Count: 0 },
    ]);
  });
});

describe('the queries of docs/security-copilot.md', () => {
  const page = readFileSync(new URL('../../../../docs/security-copilot.md', import.meta.url), 'utf8');
  const queries = [...page.matchAll(/```kusto\n([^]*?)```/g)].map(([, query = '']) => query);

  it('answer over records of each kind', () => {
    expect(queries.length).toBeGreaterThan(2);
    const tables = {
      CopilotAudit_CL: [
        fixture('security-copilot-session'),
        fixture('security-copilot-agent-user'),
        fixture('settings-audit-log-off'),
      ].map((raw) => auditRow(raw)),
      AzureActivity: [
        {
          TimeGenerated: '2026-09-01T09:00:00Z',
          OperationNameValue: 'MICROSOFT.SECURITYCOPILOT/CAPACITIES/WRITE',
          ActivityStatusValue: 'Success',
          Caller: 'owner@contoso.example',
          CorrelationId: 'a',
          ResourceId: '/subscriptions/00000000/capacities/contoso',
          Properties_d: { requestbody: JSON.stringify({ properties: { numberOfUnits: 2 } }) },
        },
      ],
    };
    const answers = queries.map((query) => ask(query, tables));
    expect(answers[0]).toMatchObject([
      { Experience: 'Security Copilot Standalone', Prompts: 1, UnitsAtMost: 3 },
      { Experience: 'Security Copilot Standalone', Prompts: 1, UnitsAtMost: 3 },
    ]);
    expect(answers[1]).toMatchObject([{ Item: 'AllowAuditLogging', NewValue: 'False' }]);
    expect(answers[2]).toMatchObject([{ Capacity: 'contoso', Units: 2, Prompts: 2, UnitsThere: 54 }]);
  });
});
