import { describe, expect, it, test } from 'vitest';
import { ask, auditRow, cloudAppRow, fixture, idOf, interaction, typesOf, valuesOf } from './workspace-of.ts';

const string = (names: string) => Object.fromEntries(names.split(' ').map((name) => [name, 'string']));
const mandatory = {
  TimeGenerated: 'datetime',
  EventStartTime: 'datetime',
  EventEndTime: 'datetime',
  EventCount: 'int',
  AdditionalFields: 'dynamic',
  ...string('Type EventVendor EventProduct EventSchema EventSchemaVersion EventUid EventOriginalUid'),
};

describe('ASIM AgentEvent', () => {
  const vim = 'vimAgentEventMicrosoftCopilot';
  const client = fixture('studio-client-half');
  const tables = {
    CopilotAudit_CL: [
      auditRow(client),
      auditRow(interaction(1, { AISystemPlugin: [{ Id: 'BingWebSearch', Name: 'BuiltIn' }] })),
      auditRow(fixture('settings-style-b')),
    ],
    CloudAppEvents: [cloudAppRow(interaction(2, {}, { UserId: 'SecurityCopilotAgentUser-7' }))],
  };

  it('has the columns of the schema with their types', () => {
    const types = {
      ...mandatory,
      ...string(
        'SrcAgentId SrcAgentName TargetAgentId TargetAgentName ActorUsername ActorUserId SrcIpAddr ToolName ModelName',
      ),
    };
    for (const name of [vim, 'ASimAgentEventMicrosoftCopilot']) expect(typesOf(name)).toMatchObject(types);
  });

  it('maps interactions and leaves admin operations out', () => {
    const found = ask(`${vim} | sort by EventOriginalUid asc`, tables);
    expect(found).toHaveLength(3);
    expect(found).toMatchObject([
      {
        EventOriginalUid: idOf(1),
        EventProduct: 'Microsoft 365 Copilot',
        ToolName: 'BuiltIn',
        ToolId: 'BingWebSearch',
        Type: 'CopilotAudit_CL',
      },
      { EventOriginalUid: idOf(2), SrcAgentId: '7', Type: 'CloudAppEvents' },
      {
        EventSchema: 'AgentEvent',
        EventVendor: 'Microsoft',
        EventProduct: 'Copilot Studio',
        EventCount: 1,
        EventStartTime: '2026-09-01T09:30:00Z',
        TargetAgentId: '7c7c7c7c-0000-4000-8000-00000000000a',
        TargetAgentName: 'Travel Desk',
        ActorUsername: 'megan@contoso.example',
        ActorUsernameType: 'UPN',
        ActorUserIdType: 'AADID',
        EventSessionId: '19:synthetic-thread-01@thread.v2',
        ActingAppName: 'Office',
        AdditionalFields: {},
      },
    ]);
  });

  const filters: readonly (readonly [string, number])[] = [
    ['starttime=datetime(2026-09-01T09:30), endtime=datetime(2026-09-01T09:30)', 3],
    ['endtime=datetime(2026-09-01T09:29:59)', 0],
    ['starttime=datetime(2026-09-01T09:30:01)', 0],
    ['agentid_has_any=dynamic(["7c7c7c7c-0000-4000-8000-00000000000a", "x"])', 1],
    ['agentname_has_any=dynamic(["travel"])', 1],
    ['username_has_any=dynamic(["megan"])', 2],
    ['disabled=true', 0],
  ];
  test.for(filters)('filters by %s', ([filter, count]) => expect(ask(`${vim}(${filter})`, tables)).toHaveLength(count));

  it('packs what has no column when asked', () => {
    expect(
      ask(
        `${vim}(pack=true) | where AdditionalFields.PromptCount == 1 and AdditionalFields.TwinRole == "client"`,
        tables,
      ),
    ).toHaveLength(1);
    expect(
      ask('ASimAgentEventMicrosoftCopilot(pack=true) | where isnotempty(AdditionalFields.TwinRole)', tables),
    ).toHaveLength(3);
  });

  it('says the same without filters', () => {
    expect(ask('ASimAgentEventMicrosoftCopilot | sort by EventOriginalUid asc', tables)).toEqual(
      ask(`${vim} | sort by EventOriginalUid asc`, tables),
    );
    expect(ask('ASimAgentEventMicrosoftCopilot(disabled=true)', tables)).toEqual([]);
  });
});

describe('ASIM AuditEvent', () => {
  const vim = 'vimAuditEventMicrosoftCopilot';
  const names = [
    'plugin-disable-style-b',
    'settings-style-b',
    'settings-file-upload',
    'workspace-create',
    'promptbook-delete-style-b',
    'agent-settings-changed',
    'interactions-exported',
  ];
  const failed = {
    ...fixture('settings-audit-log-off'),
    ResultStatus: 'Failed',
    ClientIP: '203.0.113.9',
    UserId: 'alex@contoso.example',
  };
  const tables = {
    CopilotAudit_CL: [...names.map((name) => auditRow(fixture(name))), auditRow(failed), auditRow(interaction(1))],
  };

  it('has the columns of the schema with their types', () => {
    const types = {
      ...mandatory,
      ...string(
        'EventType EventResult EventSeverity Operation Object ObjectType OldValue NewValue Dvc ActorUsername SrcIpAddr',
      ),
    };
    for (const name of [vim, 'ASimAuditEventMicrosoftCopilot']) expect(typesOf(name)).toMatchObject(types);
  });

  it('tells the type of event by the admin action', () => {
    expect(
      ask(`${vim} | distinct OriginalObjectType, EventType | sort by OriginalObjectType asc, EventType asc`, tables),
    ).toEqual([
      { OriginalObjectType: 'file', EventType: 'Create' },
      { OriginalObjectType: 'interactions', EventType: 'Read' },
      { OriginalObjectType: 'plugin', EventType: 'Disable' },
      { OriginalObjectType: 'promptbook', EventType: 'Delete' },
      { OriginalObjectType: 'settings', EventType: 'Set' },
      { OriginalObjectType: 'workspace', EventType: 'Create' },
    ]);
    expect(valuesOf(ask(`${vim} | where isempty(Object) or isempty(Operation)`, tables), 'Operation')).toEqual([]);
  });

  it('maps a change', () => {
    expect(ask(`${vim}(operation_has_any=dynamic(["DisablePlugin"]))`, tables)).toMatchObject([
      {
        EventSchema: 'AuditEvent',
        EventResult: 'Success',
        EventSeverity: 'Informational',
        Object: 'Skillsets.LabPlugin',
        ObjectType: 'Configuration Atom',
        OldValue: 'Enabled',
        NewValue: 'Disabled',
        EventProduct: 'Security Copilot',
        ActorUserType: 'Admin',
        User: 'megan@contoso.example',
      },
    ]);
    expect(ask(`${vim} | where Operation == "UploadFile" | project Object`, tables)).toEqual([
      { Object: 'handbook.pdf' },
    ]);
  });

  const filters: readonly (readonly [string, number])[] = [
    ['starttime=datetime(2026-09-01T09:30), endtime=datetime(2026-09-01T09:30)', 9],
    ['endtime=datetime(2026-09-01T09:29:59)', 0],
    ['srcipaddr_has_any_prefix=dynamic(["203.0.113."])', 1],
    ['actorusername_has_any=dynamic(["alex"])', 1],
    ['operation_has_any=dynamic(["CreateWorkspace", "DisablePlugin"])', 2],
    ['eventtype_in=dynamic(["Disable", "Delete"])', 2],
    ['eventresult="Failure"', 1],
    ['eventresult="Success"', 8],
    ['object_has_any=dynamic(["LabPlugin"])', 1],
    ['newvalue_has_any=dynamic(["Disabled"])', 1],
    ['disabled=true', 0],
  ];
  test.for(filters)('filters by %s', ([filter, count]) => expect(ask(`${vim}(${filter})`, tables)).toHaveLength(count));

  it('says the same without filters', () => {
    const sorted = 'sort by EventOriginalUid asc';
    expect(ask(`ASimAuditEventMicrosoftCopilot(pack=true) | ${sorted}`, tables)).toEqual(
      ask(`${vim}(pack=true) | ${sorted}`, tables),
    );
    expect(ask('ASimAuditEventMicrosoftCopilot(disabled=true)', tables)).toEqual([]);
  });
});
