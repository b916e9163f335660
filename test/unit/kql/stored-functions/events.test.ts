import { describe, expect, it, test } from 'vitest';
import { engine } from '../../../../kql/engine/engine.ts';
import { readFunctions } from '../../../../kql/functions.ts';
import { shippedTables } from '../../../../kql/tables/shipped-tables.ts';
import { shippedFunctions, workspaceTables } from '../../../../workspace/workspace.ts';
import {
  activityRow,
  ask,
  auditRow,
  cloudAppRow,
  entityRow,
  fixture,
  idOf,
  interaction,
  type Tables,
  typesOf,
  valuesOf,
} from './workspace-of.ts';

const functions = readFunctions(shippedFunctions);

describe('CopilotEvents', () => {
  it('makes copies of a record one row: first arrival, columns of the newest copy', () => {
    const raw = interaction(1);
    const copies = [
      auditRow(raw, { received: '2026-09-01T11:00:00Z', columns: { UserDepartment: 'newest' } }),
      auditRow(raw, { received: '2026-09-01T10:00:00Z', columns: { UserDepartment: 'first' } }),
      auditRow(raw, { received: '2026-09-01T10:30:00Z', columns: { UserDepartment: 'second' } }),
    ];
    expect(
      ask('CopilotEvents | project RecordId, IngestedAt, UserDepartment, IsOurs', { CopilotAudit_CL: copies }),
    ).toEqual([{ RecordId: idOf(1), IngestedAt: '2026-09-01T10:00:00Z', UserDepartment: 'newest', IsOurs: true }]);
  });

  it('finds a late row by when it happened', () => {
    const late = auditRow(interaction(1, {}, { CreationTime: '2026-08-27T09:30:00' }), {
      received: '2026-09-01T10:00:00Z',
    });
    expect(late).toMatchObject({ TimeGenerated: '2026-09-01T10:00:00Z', EventTime: '2026-08-27T09:30:00Z' });
    const query = 'CopilotEvents(datetime(2026-08-27), datetime(2026-08-28)) | project RecordId, IngestedAt';
    expect(ask(query, { CopilotAudit_CL: [late] })).toEqual([
      { RecordId: idOf(1), IngestedAt: '2026-09-01T10:00:00Z' },
    ]);
  });

  it('takes the start and leaves out the end, of every table', () => {
    const at = (id: number, time: string) => interaction(id, {}, { CreationTime: time });
    const raws = [
      at(1, '2026-09-01T08:59:59'),
      at(2, '2026-09-01T09:00:00'),
      at(3, '2026-09-01T09:59:59'),
      at(4, '2026-09-01T10:00:00'),
    ];
    const query = 'CopilotEvents(datetime(2026-09-01T09:00), datetime(2026-09-01T10:00))';
    for (const tables of [
      { CopilotAudit_CL: raws.map((raw) => auditRow(raw)) },
      { CopilotActivity: raws.map((raw) => activityRow(raw)) },
      { CloudAppEvents: raws.map((raw) => cloudAppRow(raw)) },
    ])
      expect(valuesOf(ask(query, tables), 'RecordId')).toEqual([idOf(2), idOf(3)]);
  });

  const event = interaction(1);
  // Microsoft's tables may spell ids in capitals.
  const capitals = { RecordId: idOf(1).toUpperCase() };
  const cases: readonly { readonly name: string; readonly tables: Tables; readonly expected: readonly object[] }[] = [
    {
      name: 'our row before that of CopilotActivity, however new that is',
      tables: {
        CopilotAudit_CL: [auditRow(event)],
        CopilotActivity: [activityRow(event, { ...capitals, _TimeReceived: '2026-09-02T00:00:00Z' })],
      },
      expected: [{ RecordId: idOf(1), IsOurs: true, Source: 'activity-feed' }],
    },
    {
      name: 'CopilotActivity before CloudAppEvents',
      tables: { CopilotActivity: [activityRow(event, capitals)], CloudAppEvents: [cloudAppRow(event)] },
      expected: [{ RecordId: idOf(1), IsOurs: false, Source: 'CopilotActivity' }],
    },
    {
      name: 'one event in three tables once',
      tables: {
        CopilotAudit_CL: [auditRow(event)],
        CopilotActivity: [activityRow(event)],
        CloudAppEvents: [cloudAppRow(event, 'text')],
      },
      expected: [{ RecordId: idOf(1), IsOurs: true, Source: 'activity-feed' }],
    },
    {
      name: 'one event in three tables once, where CopilotActivity has ids of its own',
      tables: {
        CopilotAudit_CL: [auditRow(event)],
        CopilotActivity: [activityRow(event, { RecordId: 'own' })],
        CloudAppEvents: [cloudAppRow(event)],
      },
      expected: [{ RecordId: idOf(1), IsOurs: true, Source: 'activity-feed' }],
    },
    {
      name: 'one event of CloudAppEvents and CopilotActivity once, where that has ids of its own',
      tables: { CopilotActivity: [activityRow(event, { RecordId: 'own' })], CloudAppEvents: [cloudAppRow(event)] },
      expected: [{ RecordId: idOf(1), IsOurs: false, Source: 'CloudAppEvents' }],
    },
  ];
  test.for(cases)('takes $name', ({ tables, expected }) => {
    expect(ask('CopilotEvents | project RecordId, IsOurs, Source', tables)).toEqual(expected);
  });

  it('takes actor, thread and second for the event only where no id of CopilotActivity is one of ours', () => {
    const other = interaction(2, { ThreadId: '19:thread-1@thread.v2' });
    const ours = { CopilotAudit_CL: [auditRow(event), auditRow(interaction(3))] };
    expect(valuesOf(ask('CopilotEvents', { ...ours, CopilotActivity: [activityRow(other)] }), 'RecordId')).toEqual([
      idOf(1),
      idOf(3),
    ]);
    const agreeing = { ...ours, CopilotActivity: [activityRow(other), activityRow(interaction(3))] };
    expect(valuesOf(ask('CopilotEvents', agreeing), 'RecordId')).toEqual([idOf(1), idOf(2), idOf(3)]);
  });

  it('never takes an empty actor or thread for the same one', () => {
    const empty = { ThreadId: null };
    const tables = {
      CopilotAudit_CL: [auditRow(interaction(1, empty)), auditRow(interaction(2, {}, { UserId: null }))],
      CopilotActivity: [
        activityRow(interaction(3, empty)),
        activityRow(interaction(4, { ThreadId: '19:thread-2@thread.v2' }), { ActorName: null }),
      ],
    };
    expect(valuesOf(ask('CopilotEvents', tables), 'RecordId')).toEqual([idOf(1), idOf(2), idOf(3), idOf(4)]);
  });

  it('loses no row of CopilotActivity that has no id, and doubles none that we have', () => {
    const none = { RecordId: null };
    const alone = [
      activityRow(event, none),
      activityRow(interaction(2), none),
      activityRow(event, { ...none, AppHost: 'Excel' }),
    ];
    expect(ask('CopilotEvents', { CopilotActivity: alone })).toHaveLength(3);
    expect(ask('CopilotEvents', { CopilotActivity: alone, CopilotAudit_CL: [auditRow(event)] })).toHaveLength(2);
    const mixed = [activityRow(interaction(2)), activityRow(event, none)];
    const ours = [auditRow(event), auditRow(interaction(2))];
    expect(ask('CopilotEvents', { CopilotActivity: mixed, CopilotAudit_CL: ours })).toHaveLength(2);
  });

  it('has the columns of CopilotAudit_CL once, each of one type', () => {
    const types = typesOf('CopilotEvents');
    const table = shippedTables.find(({ name }) => name === 'CopilotAudit_CL')?.columns ?? [];
    expect(types).toMatchObject(Object.fromEntries(table.map(({ name, type }) => [name, type])));
    const own = new Set(table.map(({ name }) => name));
    expect(
      Object.keys(types)
        .filter((name) => !own.has(name))
        .sort(),
    ).toEqual(['IngestedAt', 'IsOurs']);
  });
});

describe('CopilotMicrosoftEvents', () => {
  const derived = [
    'RecordId',
    'RecordType',
    'Operation',
    'ActorName',
    'ActorUserType',
    'OrganizationId',
    'AgentId',
    'AgentIdNormalized',
    'AppHost',
    'SrcIpAddr',
    'ThreadId',
    'ConversationId',
    'MessageCount',
    'PromptCount',
    'ResponseCount',
    'AccessedResourceCount',
    'JailbreakDetected',
    'IndirectInjectionDetected',
    'IsSyntheticActor',
    'IsTestPane',
    'TwinRole',
    'AdminAction',
    'AdminObject',
    'EventTime',
    'WebSearchUsed',
  ];
  const records = [
    'teams-meeting',
    'studio-client-half',
    'studio-runtime-half',
    'studio-test-pane',
    'jailbreak-on-prompt',
    'jailbreak-as-resource',
    'xpia-on-mail',
    'websearch-resource',
    'declarative-agent',
    'sharepoint-agent',
    'agent-only-in-app-identity',
    'plugin-disable-style-a',
    'plugin-disable-style-b',
    'promptbook-delete-style-b',
    'settings-audit-log-off',
    'settings-style-b',
    'settings-file-upload',
    'workspace-create',
    'security-copilot-agent-user',
    'policy-blocks-file',
    'third-party-ai-app',
    'connected-ai-app',
    'address-with-port-and-zone',
    'interactions-exported',
  ];
  for (const form of ['object', 'text'] as const)
    test.for(records)(`derives from CloudAppEvents as ${form} what the collector derives: %s`, (name) => {
      const raw = fixture(name);
      // What has no messages has none here either, be it as 0 or as null.
      const zeros =
        'PromptCount = coalesce(PromptCount, 0), ResponseCount = coalesce(ResponseCount, 0), WebSearchUsed = coalesce(WebSearchUsed, false)';
      const query = `CopilotEvents | extend ${zeros} | project ${derived.join(', ')}`;
      const [ours] = ask(query, { CopilotAudit_CL: [auditRow(raw)] });
      expect(ask(query, { CloudAppEvents: [cloudAppRow(raw, form)] })).toEqual([ours]);
    });

  it('leaves alone what is not of Copilot', () => {
    const file = {
      ...interaction(1),
      Operation: 'FileAccessed',
      RecordType: 6,
      Workload: 'SharePoint',
      CopilotEventData: undefined,
    };
    const mention = { ...file, ObjectId: 'https://contoso.sharepoint.com/Copilot plan.docx' };
    expect(ask('CopilotEvents', { CloudAppEvents: [cloudAppRow(file), cloudAppRow(mention, 'text')] })).toEqual([]);
  });

  it('reads the payload of CopilotActivity as object or as text, in both casings', () => {
    const event = {
      messages: [{ ID: '1', IsPrompt: true, jailbreakDetected: true }],
      accessedResources: [{ XPIADetected: false }],
    };
    const query =
      'CopilotEvents | project MessageCount, PromptCount, AccessedResourceCount, JailbreakDetected, IndirectInjectionDetected';
    const raw = { ...interaction(1), CopilotEventData: event };
    for (const LLMEventData of [event, JSON.stringify(event)])
      expect(ask(query, { CopilotActivity: [activityRow(raw, { LLMEventData })] })).toEqual([
        {
          MessageCount: 1,
          PromptCount: 1,
          AccessedResourceCount: 1,
          JailbreakDetected: true,
          IndirectInjectionDetected: false,
        },
      ]);
  });
});

describe('every function', () => {
  const bare = engine({ tables: shippedTables, functions });
  const one = {
    CopilotAudit_CL: [auditRow(interaction(1))],
    CopilotEntities_CL: [entityRow('user', 'megan@contoso.example', {})],
  };
  const names = functions.map(({ name }) => name);

  test.for(names)('answers without rows: %s', (name) => expect(ask(name)).toEqual([]));

  test.for(names)('binds and runs where Microsoft has neither table: %s', (name) => {
    expect(workspaceTables.length).toBeGreaterThan(shippedTables.length);
    expect(bare.diagnose(`${name}\n| take 1`)).toEqual([]);
    expect(ask(name, one, bare)).toEqual(ask(name, one));
    expect(typesOf(name, bare)).toEqual(typesOf(name));
  });
});
