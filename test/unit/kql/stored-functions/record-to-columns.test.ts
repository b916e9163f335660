import { describe, expect, it, test } from 'vitest';
import { ask, auditRow, entityRow, interaction } from './workspace-of.ts';

// One record with everything in it, as Microsoft sends it, and the entities that the directory and Graph tell of.
const agent = '7c7c7c7c-0000-4000-8000-00000000000a';
const label = 'd1d1d1d1-0000-4000-8000-000000000002';
const site = 'https://contoso.sharepoint.com/sites/Planning';
const url = `${site}/Shared%20Documents/Plan%202027.docx`;
const meeting = '19:meeting_MDAwMDAwMDAtMDAwMC00MDAw@thread.v2';
const raw = interaction(
  1,
  {
    AppHost: 'Word',
    Contexts: [
      { Id: url, Type: 'docx' },
      { Id: meeting, Type: 'TeamsMeeting' },
    ],
    AccessedResources: [
      {
        Id: 'r1',
        Name: 'Plan 2027.docx',
        Type: 'docx',
        SiteUrl: url,
        SensitivityLabelId: label,
        Action: 'Read',
      },
      { Id: 'r2', Name: 'query', Type: 'WebSearchQuery' },
    ],
    Messages: [
      { Id: 'q1', isPrompt: true },
      { Id: 'a1', isPrompt: false },
      { Id: 'a2', isPrompt: false },
    ],
    ModelTransparencyDetails: [{ ModelName: 'GPT-X', ModelProviderName: 'OpenAI' }, { ModelName: 'DEEP_LEO' }],
  },
  {
    AgentId: `CopilotStudio.CustomEngine.${agent}`,
    AgentName: 'Travel Desk',
    AppIdentity: 'Copilot.Studio.7c7c7c7c-0000-4000-8000-0000000000ee-cr1_travelDesk',
  },
);
const tables = {
  CopilotAudit_CL: [auditRow(raw)],
  CopilotEntities_CL: [
    entityRow('user', 'megan@contoso.example', { DisplayName: 'Megan', Department: 'Legal', HasCopilotLicense: false }),
    entityRow('label', label, { Name: 'Secret', Priority: 9 }),
    entityRow('meeting', meeting, { Name: 'Review', CreatedTime: '2026-08-01T08:00:00Z' }),
  ],
};

describe('what a record says can be asked for', () => {
  const interactions: readonly (readonly [feature: string, columns: Readonly<Record<string, unknown>>])[] = [
    ['date', { EventTime: '2026-09-01T09:30:00Z' }],
    ['user', { ActorName: 'megan@contoso.example', UserDisplayName: 'Megan', UserDepartment: 'Legal' }],
    ['application', { AppHost: 'Word', AppHostNormalized: 'Word' }],
    ['agent, and that a customer made it', { AgentName: 'Travel Desk', AgentKind: 'custom-engine' }],
    ['file', { FileName: 'Plan 2027.docx', FileExtension: 'docx', FileUrl: url, SiteUrl: site, SiteName: 'Planning' }],
    ['meeting', { MeetingId: meeting, MeetingName: 'Review', MeetingCreatedTime: '2026-08-01T08:00:00Z' }],
    ['label', { TopLabelId: label, TopLabelName: 'Secret', TopLabelPriority: 9 }],
    // Two grounded answers, and deep reasoning once: 2 x (2 + 10) + 5.
    [
      'credits',
      { CreditsGross: 29, CreditsBillable: 29, CreditBreakdown: { generative: 4, grounding: 20, action: 5 } },
    ],
  ];
  test.for(interactions)('%s', ([, columns]) => {
    for (const name of ['CopilotInteractions', 'CopilotTurns'])
      expect(ask(`${name} | project ${Object.keys(columns).join(', ')}`, tables)).toEqual([columns]);
  });

  it('agent without a name of its own: none', () => {
    const plain = { CopilotAudit_CL: [auditRow(interaction(2))] };
    expect(ask('CopilotInteractions | project AgentKind, AgentIdNormalized', plain)).toEqual([
      { AgentKind: 'none', AgentIdNormalized: '' },
    ]);
  });

  it('accessed resources with id, name, site, type and label', () => {
    const query =
      'CopilotResources | sort by ResourceIndex asc | project ResourceId, ResourceName, SiteUrl, ResourceType, LabelId, LabelName';
    expect(ask(query, tables)).toEqual([
      {
        ResourceId: 'r1',
        ResourceName: 'Plan 2027.docx',
        SiteUrl: url,
        ResourceType: 'docx',
        LabelId: label,
        LabelName: 'Secret',
      },
      {
        ResourceId: 'r2',
        ResourceName: 'query',
        SiteUrl: '',
        ResourceType: 'WebSearchQuery',
        LabelId: '',
        LabelName: '',
      },
    ]);
  });

  it('ids of the responses', () => {
    const query =
      'CopilotMessages | where not(IsPrompt) | summarize Ids = make_list(MessageId) by RecordId | project Ids';
    expect(ask(query, tables)).toEqual([{ Ids: ['a1', 'a2'] }]);
  });

  it('all AI models', () => {
    expect(ask('CopilotModels | sort by ModelIndex asc | project ModelName', tables)).toEqual([
      { ModelName: 'GPT-X' },
      { ModelName: 'DEEP_LEO' },
    ]);
  });

  it('credits with their parts', () => {
    const query =
      'CopilotCredits | project CreditsGross, CreditsGenerative, CreditsGrounding, CreditsAction, CreditStatus';
    expect(ask(query, tables)).toEqual([
      { CreditsGross: 29, CreditsGenerative: 4, CreditsGrounding: 20, CreditsAction: 5, CreditStatus: 'billable' },
    ]);
  });
});
