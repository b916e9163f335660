import { readdirSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { activityRow, ask, auditRow, cloudAppRow, fixture, interaction } from './workspace-of.ts';

describe('CopilotMicrosoftEvents', () => {
  /** Columns that differ from the collector's, and why. */
  const different: Readonly<Record<string, string>> = {
    TimeGenerated: 'the time of their row',
    _TimeReceived: 'the time of their row',
    IngestedAt: 'the time of their row',
    IsOurs: 'their row',
    Source: 'their table',
    ContentCreated: 'of the feed',
    CollectedTime: 'of the collector',
    TimeClamped: 'of the collector',
    IsBackfill: 'by the time of their row',
    UnknownFields: 'needs the shape of a record',
    DroppedContent: 'needs the shape of a record; text is removed, see below',
    LLMEventData: 'as Microsoft spells it, without text',
    AppAccessContext: 'keys as Microsoft spells them',
    SurfaceGroup: 'needs the table of applications',
    AppHostNormalized: 'needs the table of applications',
    InteractionType: 'needs the rules about contexts',
    MeetingId: 'needs the rules about contexts',
    AgentKind: 'needs the rules about agents',
    AgentTitleId: 'needs the rules about agents',
    AdminTarget: 'CopilotAdminEvents reads it from the payload',
    PluginIds: 'in LLMEventData, see CopilotPlugins',
    PolicyNames: 'in LLMEventData, see CopilotResources',
    UserIsGuest: 'CopilotInteractions tells it by ActorUserType',
    UserHasCopilotLicense: 'CopilotInteractions tells it by LicenseType',
    TopLabelId: 'CopilotInteractions tells it by LabelIds',
    ...Object.fromEntries(
      ['FileName', 'FileExtension', 'FileUrl', 'SiteUrl', 'SiteName', 'SiteOwner'].map((column) => [
        column,
        'needs the rules about addresses',
      ]),
    ),
    ...Object.fromEntries(
      'CreditsGross CreditsBillable CreditBreakdown CreditBasis CreditRateVersion GroundingBasis IsZeroRated ZeroRatedReason'
        .split(' ')
        .map((column) => [column, 'needs the rates; CopilotCredits calls such rows not estimable']),
    ),
  };
  /** Records that are not compared, and why. */
  const others: Readonly<Record<string, string>> = {
    'id-empty': 'refused',
    'id-missing': 'refused',
    'time-absurd': 'refused',
    'time-unparsable': 'refused',
    'key-casing': 'Microsoft spells the keys of its tables one way',
  };
  const folder = new URL('../../../fixtures/records/', import.meta.url);
  const records = readdirSync(folder)
    .filter((file) => file.endsWith('.json') && !file.endsWith('.rows.json'))
    .map((file) => file.replace('.json', ''))
    .filter((name) => others[name] === undefined);
  for (const form of ['object', 'text'] as const)
    test.for(records)(`derives from CloudAppEvents as ${form} what the collector derives: %s`, (name) => {
      const raw = fixture(name);
      const query = `CopilotEvents | extend LabelIds = array_sort_asc(LabelIds) | project-away ${Object.keys(different).join(', ')}`;
      const [ours] = ask(query, { CopilotAudit_CL: [auditRow(raw)] });
      expect(Object.keys(ours ?? {}).length).toBeGreaterThan(60);
      expect(ask(query, { CloudAppEvents: [cloudAppRow(raw, form)] })).toEqual([ours]);
    });

  it('compares most records', () => expect(records.length).toBeGreaterThan(45));

  it('derives labels and the strongest policy outcome from CopilotActivity, too', () => {
    const query =
      'CopilotEvents | project LabelIds = array_sort_asc(LabelIds), PolicyOutcome, PromptCount, WebSearchUsed';
    for (const name of ['policy-blocks-file', 'policy-audits-and-failure-without-policy', 'websearch-resource']) {
      const raw = fixture(name);
      const [ours] = ask(query, { CopilotAudit_CL: [auditRow(raw)] });
      expect(ask(query, { CopilotActivity: [activityRow(raw)] })).toEqual([ours]);
    }
  });

  const blocked = { PolicyId: '1', Rules: [{ RuleMode: 'Enforce', Actions: ['BlockAccess'] }] };
  const audited = { PolicyId: '1', Rules: [{ RuleMode: 'Audit only', Actions: ['BlockAccess'] }] };
  const outcomes: readonly (readonly [name: string, resources: readonly object[]])[] = [
    ['no resource', []],
    ['no policy', [{ Id: 'a', Status: 'success', PolicyDetails: '' }]],
    ['a rule that blocks', [{ PolicyDetails: [audited] }, { PolicyDetails: [blocked] }]],
    ['a rule that audits', [{ PolicyDetails: [audited], Status: 'success' }]],
    ['a failure', [{ Status: 'Failure', PolicyDetails: [] }]],
    ['a failure before its policy', [{ Status: 'failure', Name: 'a "b}" ]', PolicyDetails: [audited] }]],
    ['a failure after its policy', [{ PolicyDetails: [audited], Name: 'a "{b}" ]', Status: 'failure' }]],
    ['a failure beside a policy', [{ PolicyDetails: [audited], Status: 'success' }, { Status: 'failure' }]],
    ['a failure ahead of a policy', [{ Status: 'failure' }, { PolicyDetails: [audited] }]],
    ['a name that says failure', [{ Name: 'failure', PolicyDetails: null }]],
  ];
  test.for(outcomes)('tells the policy outcome as the collector does: %s', ([, AccessedResources]) => {
    const raw = interaction(1, { AccessedResources });
    const row = auditRow(raw);
    const expected = [{ PolicyOutcome: row.PolicyOutcome ?? '' }];
    for (const tables of [{ CopilotActivity: [activityRow(raw)] }, { CloudAppEvents: [cloudAppRow(raw, 'text')] }])
      expect(ask('CopilotEvents | project PolicyOutcome', tables)).toEqual(expected);
  });

  const operations = [
    'BotShare',
    'BotPublish',
    'BotCreate',
    'BotDelete',
    'BotAuthUpdate',
    'BotIconUpdate',
    'BotComponentUpdate',
    'BotUpdateOperation-BotPublish',
    'BotUpdateOperation-Other',
    'EnvironmentVariableUpdate',
    'EnvironmentVariableOther',
    'DeployedAgent',
    'RemovedAgent',
    'UpdatedAgent',
    'UpdatedTenantSettings',
    'CreateCopilotAgent',
    'UpdatePluginSettings',
    'UploadFile',
    'DeleteFile',
    'AIInteractionsSubscription',
    'InvokeAgent',
    'InferenceCall',
    'ExecuteToolBySDK',
    'ExecuteToolByMCPServer',
    'AIExecuteTool',
    'ScheduledPromptExecute',
    'AINotesUpdate',
  ];
  test.for(operations)('knows the operation as the collector does: %s', (Operation) => {
    // Only what a word like UploadFile needs says that it is Copilot's.
    const isShared =
      Operation.endsWith('File') || Operation === 'UpdatePluginSettings' || Operation.startsWith('Create');
    const raw = interaction(
      1,
      {},
      {
        Operation,
        RecordType: 256,
        Workload: isShared ? 'Copilot' : 'Other',
        CopilotEventData: undefined,
      },
    );
    const query = 'CopilotEvents | project AdminAction, AdminObject, RecordType, MessageCount';
    const ours = ask(query, { CopilotAudit_CL: [auditRow(raw)] });
    expect(ask(query, { CloudAppEvents: [cloudAppRow(raw)] })).toEqual(ours);
    expect(ask(query, { CloudAppEvents: [cloudAppRow(raw, 'text')] })).toEqual(ours);
  });

  it('holds no text that people wrote', () => {
    const secret = 'tell nobody about "the merger", {please}';
    const raws = [
      fixture('scheduled-prompt-text', { PromptText: secret }),
      fixture('scheduled-prompt-text', {
        PromptText: secret,
        CopilotEventData: { PromptText: secret, AppHost: 'Word' },
      }),
      fixture('studio-authoring', { ExtendedProperties: [{ Name: 'x', Value: secret }] }),
      interaction(1, {
        Messages: [
          { Id: 'm', isPrompt: true, Text: secret },
          { ID: 'n', body: secret },
        ],
      }),
      interaction(1, { Messages: [secret, secret, secret], UserQuery: secret }),
      fixture('settings-style-b', { CopilotSettingsEventData: null, Prompt: secret, Comment: secret }),
    ];
    for (const raw of raws)
      for (const tables of [
        { CloudAppEvents: [cloudAppRow(raw)] },
        { CloudAppEvents: [cloudAppRow(raw, 'text')] },
        { CopilotActivity: [activityRow(raw)] },
      ])
        for (const query of ['CopilotEvents', 'vimAuditEventMicrosoftCopilot(pack=true)', 'CopilotMicrosoftEvents'])
          expect(JSON.stringify(ask(query, tables))).not.toMatch(/merger/);
    const kept = ask('CopilotEvents | project Id = LLMEventData.Messages[0].Id, MessageCount, PromptCount', {
      CloudAppEvents: raws.slice(3, 4).map((raw) => cloudAppRow(raw)),
    });
    expect(kept).toEqual([{ Id: 'm', MessageCount: 2, PromptCount: 1 }]);
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

  it('tells agents of Microsoft from those of a customer, and their ids of the catalogue', () => {
    const of = (name: string) =>
      ask('CopilotEvents | project AgentKind, AgentTitleId', {
        CopilotActivity: [activityRow(fixture(name))],
      })[0];
    expect(of('built-in-agent-provider-only')).toMatchObject({ AgentKind: 'microsoft' });
    expect(of('studio-client-half')).toEqual({
      AgentKind: '',
      AgentTitleId: expect.stringMatching(/^T_[\da-f-]{36}$/),
    });
    expect(of('jailbreak-on-prompt')).toEqual({ AgentKind: '', AgentTitleId: '' });
  });
});
