import { describe, expect, it } from 'vitest';
import { ask, auditRow, cloudAppRow, entityRow, fixture, interaction, typesOf } from './workspace-of.ts';

const agent = '7c7c7c7c-0000-4000-8000-00000000000a';
const title = 'T_8d8d8d8d-0000-4000-8000-00000000000b';

describe('CopilotInteractions', () => {
  const entities = [
    entityRow(
      'user',
      'MEGAN@contoso.example',
      { Department: 'Legal', IsGuest: false, DisplayName: 'Megan' },
      { aliases: ['3e3e'] },
    ),
    entityRow('user', 'megan@contoso.example', { Department: 'older' }, { observed: '2026-08-30T00:00:00Z' }),
    entityRow('user', 'MEGAN@contoso.example', { Department: 'oldest' }, { observed: '2026-08-29T00:00:00Z' }),
    entityRow('user', '', { Department: 'nobody' }),
    entityRow('agent', 'agent-of-nobody', { Name: 'none' }, { aliases: ['', null as never] }),
    entityRow('agent', title, { Name: 'Travel Desk', IsBlocked: true }, { aliases: [agent.toUpperCase()] }),
    entityRow('label', 'D1D1D1D1-0000-4000-8000-000000000002', { Name: 'Secret', Priority: 9 }, { aliases: null }),
    entityRow('label', '', { Name: 'no label' }),
  ];
  const facts =
    'UserDepartment, UserDisplayName, UserIsGuest, AgentName, AgentIsBlocked, TopLabelName, TopLabelPriority';
  const labelled = { AccessedResources: [{ SensitivityLabelId: 'd1d1d1d1-0000-4000-8000-000000000002' }] };

  it('fills facts from entities only where the row has none, by any name of the entity', () => {
    const tables = {
      CopilotAudit_CL: [
        auditRow(interaction(1, labelled, { AgentId: agent }), {
          columns: { UserDepartment: 'Sales', UserIsGuest: true, AgentName: 'as sent', TopLabelPriority: 3 },
        }),
        auditRow(interaction(2, labelled, { AgentId: agent, UserId: '3E3E' })),
      ],
      CopilotEntities_CL: entities,
    };
    expect(ask(`CopilotInteractions | sort by RecordId asc | project ${facts}`, tables)).toEqual([
      {
        UserDepartment: 'Sales',
        UserDisplayName: 'Megan',
        UserIsGuest: true,
        AgentName: 'as sent',
        AgentIsBlocked: true,
        TopLabelName: 'Secret',
        TopLabelPriority: 3,
      },
      {
        UserDepartment: 'Legal',
        UserDisplayName: 'Megan',
        UserIsGuest: false,
        AgentName: 'Travel Desk',
        AgentIsBlocked: true,
        TopLabelName: 'Secret',
        TopLabelPriority: 9,
      },
    ]);
  });

  it('fills every fact from the fact of the same name', () => {
    const facts = {
      DisplayName: 'Megan',
      Department: 'Legal',
      JobTitle: 'Counsel',
      Country: 'DE',
      Office: 'Berlin 4',
      Manager: 'alex@contoso.example',
      AccountEnabled: true,
      IsGuest: false,
      HasCopilotLicense: true,
    };
    const columns = Object.fromEntries(Object.entries(facts).map(([name, value]) => [`User${name}`, value]));
    const query = `CopilotInteractions | project ${Object.keys(columns).join(', ')}, UserObservedTime`;
    const tables = {
      CopilotAudit_CL: [auditRow(interaction(1))],
      CopilotEntities_CL: [entityRow('user', 'megan@contoso.example', facts)],
    };
    expect(ask(query, tables)).toEqual([{ ...columns, UserObservedTime: '2026-09-01T00:00:00Z' }]);
    const agents = { Name: 'Desk', Publisher: 'Contoso', PackageType: 'custom', IsBlocked: true, Sharing: 'some' };
    const agentTables = {
      CopilotAudit_CL: [auditRow(interaction(1, {}, { AgentId: agent }))],
      CopilotEntities_CL: [entityRow('agent', agent, agents)],
    };
    const own = Object.fromEntries(Object.entries(agents).map(([name, value]) => [`Agent${name}`, value]));
    expect(ask(`CopilotInteractions | project ${Object.keys(own).join(', ')}`, agentTables)).toEqual([own]);
  });

  it('has the columns of CopilotEvents and no more', () => {
    expect(typesOf('CopilotInteractions')).toEqual(typesOf('CopilotEvents'));
  });

  it('holds scheduled prompts and leaves out records of other kinds', () => {
    const other = interaction(2, {}, { RecordType: 370, Operation: 'SentinelAIToolRun', CopilotEventData: undefined });
    const raws = [fixture('scheduled-prompt-text'), other];
    const query = 'CopilotInteractions | project RecordType, AutomationId';
    const expected = [
      { RecordType: 'Microsoft365CopilotScheduledPrompt', AutomationId: 'b4b4b4b4-0000-4000-8000-000000000003' },
    ];
    expect(ask(query, { CopilotAudit_CL: raws.map((raw) => auditRow(raw)) })).toEqual(expected);
    expect(ask(query, { CloudAppEvents: raws.map((raw) => cloudAppRow(raw)) })).toEqual(expected);
    expect(ask('CopilotEvents', { CloudAppEvents: raws.map((raw) => cloudAppRow(raw)) })).toHaveLength(2);
  });

  it('finds no facts for an empty actor, agent or label', () => {
    const tables = { CopilotAudit_CL: [auditRow(interaction(1, {}, { UserId: null }))], CopilotEntities_CL: entities };
    expect(ask(`CopilotInteractions | project ${facts}`, tables)).toEqual([
      {
        UserDepartment: '',
        UserDisplayName: '',
        UserIsGuest: null,
        AgentName: '',
        AgentIsBlocked: null,
        TopLabelName: '',
        TopLabelPriority: null,
      },
    ]);
  });

  it('marks synthetic actors and test panes and leaves out admin operations', () => {
    const raws = [
      fixture('security-copilot-agent-user'),
      fixture('studio-test-pane'),
      fixture('plugin-disable-style-b'),
      // An admin operation stays one, even with the data of an event.
      fixture('settings-style-b', { CopilotEventData: { AppHost: 'Security Copilot' } }),
    ];
    const query = 'CopilotInteractions | sort by RecordId asc | project IsSyntheticActor, IsTestPane';
    const marked = [
      { IsSyntheticActor: false, IsTestPane: true },
      { IsSyntheticActor: true, IsTestPane: false },
    ];
    const found = ask(query, { CopilotAudit_CL: raws.map((raw) => auditRow(raw)) });
    expect(found).toHaveLength(2);
    expect(found).toEqual(expect.arrayContaining(marked));
    expect(ask(query, { CloudAppEvents: raws.map((raw) => cloudAppRow(raw)) })).toHaveLength(2);
  });
});

describe('CopilotAgents and CopilotUsers', () => {
  it('make the ids of one agent one row', () => {
    const tables = {
      CopilotAudit_CL: [
        auditRow(interaction(1, {}, { AgentId: `${title}.${agent}`, AgentName: 'Travel Desk' })),
        auditRow(
          interaction(2, {}, { AgentId: agent, CreationTime: '2026-09-01T10:00:00', UserId: 'MEGAN@contoso.example' }),
        ),
        auditRow(interaction(3, {}, { AgentId: title, UserId: 'SecurityCopilotAgentUser-1' })),
        auditRow(interaction(4, {}, { AgentId: 'other' })),
        auditRow(interaction(5)),
      ],
      CopilotEntities_CL: [
        entityRow('agent', title, { Name: 'Desk', Publisher: 'Contoso' }, { aliases: [agent] }),
        entityRow('agent', 'unused', { Name: 'Unused' }, { aliases: null }),
        entityRow('agent', '', { Name: 'nobody' }),
      ],
    };
    const columns =
      'AgentKey, AgentName, EventCount, UserCount, AgentPublisher, LastSeenTime, Ids = array_length(AgentIds)';
    expect(ask(`CopilotAgents | sort by AgentKey asc | project ${columns}`, tables)).toEqual([
      {
        AgentKey: title,
        AgentName: 'Travel Desk',
        EventCount: 3,
        UserCount: 1,
        AgentPublisher: 'Contoso',
        LastSeenTime: '2026-09-01T10:00:00Z',
        Ids: 3,
      },
      {
        AgentKey: 'other',
        AgentName: '',
        EventCount: 1,
        UserCount: 1,
        AgentPublisher: '',
        LastSeenTime: '2026-09-01T09:30:00Z',
        Ids: 1,
      },
      {
        AgentKey: 'unused',
        AgentName: 'Unused',
        EventCount: 0,
        UserCount: 0,
        AgentPublisher: '',
        LastSeenTime: null,
        Ids: 0,
      },
    ]);
  });

  it('make the spellings of one user one row and leave out who is no person', () => {
    const tables = {
      CopilotAudit_CL: [
        'megan@contoso.example',
        'Megan@Contoso.example',
        '3e3e',
        'alex@contoso.example',
        'ServicePrincipal_1',
        null,
      ].map((UserId, id) => auditRow(interaction(id, {}, { UserId }))),
      CopilotEntities_CL: [
        entityRow('user', 'megan@contoso.example', { Department: 'Legal' }, { aliases: ['3E3E'] }),
        entityRow('user', 'idle@contoso.example', { Department: 'Sales' }),
        entityRow('user', '', { Department: 'nobody' }),
      ],
    };
    expect(
      ask('CopilotUsers | sort by UserKey asc | project UserKey, EventCount, UserDepartment, FirstSeenTime', tables),
    ).toEqual([
      { UserKey: 'alex@contoso.example', EventCount: 1, UserDepartment: '', FirstSeenTime: '2026-09-01T09:30:00Z' },
      {
        UserKey: 'idle@contoso.example',
        EventCount: 0,
        UserDepartment: 'Sales',
        FirstSeenTime: '2026-08-01T00:00:00Z',
      },
      {
        UserKey: 'megan@contoso.example',
        EventCount: 3,
        UserDepartment: 'Legal',
        FirstSeenTime: '2026-08-01T00:00:00Z',
      },
    ]);
  });
});
