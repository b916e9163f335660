import { describe, expect, it, test } from 'vitest';
import { activityRow, ask, auditRow, cloudAppRow, entityRow, fixture, interaction, valuesOf } from './workspace-of.ts';

const elements = [
  { name: 'CopilotMessages', list: 'Messages', variants: ['messages'], index: 'MessageIndex', id: 'MessageId' },
  {
    name: 'CopilotResources',
    list: 'AccessedResources',
    variants: ['accessedResources'],
    index: 'ResourceIndex',
    id: 'ResourceId',
  },
  {
    name: 'CopilotPlugins',
    list: 'AISystemPlugin',
    variants: ['aiSystemPlugin'],
    index: 'PluginIndex',
    id: 'PluginId',
  },
] as const;

describe('elements of an interaction', () => {
  const common = 'RecordId, ActorName, EventTime, IngestedAt';

  test.for(elements)('are all there, with what the record says: $name', ({ name, list, index, id }) => {
    const rows = [
      auditRow(interaction(1, { [list]: [{ Id: 'a' }, { ID: 'b' }, { id: 'c' }] }), {
        received: '2026-09-01T10:00:00Z',
      }),
    ];
    const found = ask(`${name} | sort by ${index} asc | project ${common}, ${index}, ${id}`, { CopilotAudit_CL: rows });
    const record = {
      RecordId: rows[0]?.RecordId,
      ActorName: 'megan@contoso.example',
      EventTime: '2026-09-01T09:30:00Z',
      IngestedAt: '2026-09-01T10:00:00Z',
    };
    expect(found).toEqual(['a', 'b', 'c'].map((value, at) => ({ ...record, [index]: at, [id]: value })));
  });

  test.for(elements)('are read in any casing that Microsoft sends: $name', ({ name, list, variants, id }) => {
    for (const key of [list, ...variants]) {
      const raw = interaction(1, { [list]: undefined, [key]: [{ Id: 'a' }, { ID: 'b' }, { id: 'c' }] });
      for (const tables of [
        { CopilotAudit_CL: [auditRow(raw)] },
        { CopilotActivity: [activityRow(raw)] },
        { CloudAppEvents: [cloudAppRow(raw)] },
        { CloudAppEvents: [cloudAppRow(raw, 'text')] },
      ])
        expect(valuesOf(ask(name, tables), id)).toEqual(['a', 'b', 'c']);
    }
  });

  test.for(elements)(
    'are none where the list is missing, null, empty or text, and no null counts: $name',
    ({ name, list }) => {
      for (const value of [undefined, null, [], '', [null]]) {
        const raw = interaction(1, { [list]: value });
        expect(ask(name, { CopilotAudit_CL: [auditRow(raw)] })).toEqual([]);
        expect(ask(name, { CloudAppEvents: [cloudAppRow(raw)] })).toEqual([]);
      }
      expect(
        ask(name, { CopilotAudit_CL: [auditRow(fixture('null-collections')), auditRow(fixture('settings-style-b'))] }),
      ).toEqual([]);
    },
  );

  test.for(elements)('are one where the element comes without its list: $name', ({ name, list, id }) => {
    const raw = interaction(1, { [list]: { Id: 'a', Name: 'x' } });
    for (const tables of [{ CopilotActivity: [activityRow(raw)] }, { CloudAppEvents: [cloudAppRow(raw, 'text')] }])
      expect(valuesOf(ask(name, tables), id)).toEqual(['a']);
  });

  it('say of messages what they are', () => {
    const Messages = [
      { isPrompt: true, JailbreakDetected: true },
      { IsPrompt: false, jailbreakDetected: 'True' },
      { isPrompt: null },
      'text',
    ];
    const query = 'CopilotMessages | sort by MessageIndex asc | project IsPrompt, JailbreakDetected';
    const expected = [
      { IsPrompt: true, JailbreakDetected: true },
      { IsPrompt: false, JailbreakDetected: true },
      { IsPrompt: null, JailbreakDetected: null },
      { IsPrompt: null, JailbreakDetected: null },
    ];
    const raw = interaction(1, { Messages });
    expect(ask(query, { CopilotActivity: [activityRow(raw)] })).toEqual(expected);
    expect(ask(query, { CopilotAudit_CL: [auditRow(raw)] })).toEqual(expected);
  });

  it('keep the letter casing of the fixture with odd keys', () => {
    const tables = { CopilotAudit_CL: [auditRow(fixture('key-casing'))] };
    expect(ask('CopilotMessages | project MessageId, IsPrompt', tables)).toEqual([{ MessageId: 'm1', IsPrompt: true }]);
    expect(ask('CopilotResources | project ResourceId, ResourceType, XpiaDetected', tables)).toEqual([
      { ResourceId: 'r1', ResourceType: 'docx', XpiaDetected: true },
    ]);
  });
});

describe('CopilotResources', () => {
  const rule = (RuleMode: string, Actions: readonly string[], RuleName = 'rule') => ({
    Actions,
    RuleId: '1',
    RuleMode,
    RuleName,
    Severity: 'High',
  });
  const modeFirst = { RuleMode: 'Enforce', RuleName: 'a "{b}" \\', Actions: ['Audit', 'Block'] };
  const policies = (...Rules: readonly object[]) => [{ PolicyId: '1', PolicyName: 'p', Rules }];
  const cases: readonly (readonly [
    name: string,
    PolicyDetails: unknown,
    Status: string | undefined,
    expected: string,
  ])[] = [
    ['no details', undefined, undefined, ''],
    ['details ""', '', 'success', ''],
    ['details null', null, 'success', ''],
    ['details []', [], undefined, ''],
    ['failure without a policy', '', 'Failure', 'failed'],
    ['failure with a policy', policies(rule('Audit only', [])), 'failure', 'blocked'],
    ['a policy that audits', policies(rule('Audit only', ['BlockAccess'])), 'success', 'audited'],
    ['a policy that enforces something else', policies(rule('Enforce', ['NotifyUser'])), 'success', 'audited'],
    ['a policy that blocks', policies(rule('Enforce', ['NotifyUser', 'BlockAccess'])), 'success', 'blocked'],
    ['a rule with its mode first', policies(modeFirst), 'success', 'blocked'],
    [
      'one rule enforces, another blocks',
      policies(rule('Enforce', ['NotifyUser']), rule('Audit only', ['BlockAccess'])),
      'success',
      'audited',
    ],
    ['a rule named Block', policies(rule('Enforce', ['NotifyUser'], 'Block')), 'success', 'audited'],
    [
      'a second policy that blocks',
      [...policies(rule('Audit only', [])), ...policies(rule('enforce', ['block']))],
      'success',
      'blocked',
    ],
    ['a policy without rules', policies(), 'success', 'audited'],
  ];
  test.for(cases)('tells what a policy did as the collector does: %s', ([, PolicyDetails, Status, expected]) => {
    const raw = interaction(1, { AccessedResources: [{ Id: 'r', PolicyDetails, Status }] });
    const row = auditRow(raw);
    expect(row.PolicyOutcome ?? '').toBe(expected);
    for (const tables of [{ CopilotAudit_CL: [row] }, { CloudAppEvents: [cloudAppRow(raw, 'text')] }])
      expect(valuesOf(ask('CopilotResources', tables), 'PolicyOutcome')).toEqual([expected]);
  });

  it('names labels that are known, in any casing, and none for zeros or nothing', () => {
    const label = 'd1d1d1d1-0000-4000-8000-000000000002';
    const labels = [
      label.toUpperCase(),
      '00000000-0000-0000-0000-000000000000',
      '',
      undefined,
      'd1d1d1d1-0000-4000-8000-000000000009',
    ];
    const raw = interaction(1, {
      AccessedResources: labels.map((SensitivityLabelId, at) => ({ Id: String(at), SensitivityLabelId })),
    });
    const tables = {
      CopilotAudit_CL: [auditRow(raw)],
      CopilotEntities_CL: [
        entityRow('label', label, { Name: 'Secret', Priority: 9 }),
        entityRow('label', label.toUpperCase(), { Name: 'older' }, { observed: '2026-08-31T00:00:00Z' }),
        entityRow('label', '', { Name: 'no label' }),
      ],
    };
    expect(
      ask('CopilotResources | sort by ResourceIndex asc | project LabelId, LabelName, LabelPriority', tables),
    ).toEqual([
      { LabelId: label, LabelName: 'Secret', LabelPriority: 9 },
      { LabelId: '', LabelName: '', LabelPriority: null },
      { LabelId: '', LabelName: '', LabelPriority: null },
      { LabelId: '', LabelName: '', LabelPriority: null },
      { LabelId: 'd1d1d1d1-0000-4000-8000-000000000009', LabelName: '', LabelPriority: null },
    ]);
  });
});

describe('CopilotAdminEvents', () => {
  const columns = 'AdminAction, AdminObject, Property, OldValue, NewValue';
  it('speaks one language for both naming styles', () => {
    const rows = ['plugin-disable-style-a', 'plugin-disable-style-b'].map((name) => auditRow(fixture(name)));
    const disabled = {
      AdminAction: 'disable',
      AdminObject: 'plugin',
      Property: 'Skillsets.LabPlugin',
      OldValue: 'Enabled',
      NewValue: 'Disabled',
    };
    expect(ask(`CopilotAdminEvents | project ${columns}`, { CopilotAudit_CL: rows })).toEqual([disabled, disabled]);
  });

  it('has a row for each changed setting, and one for an operation that names none', () => {
    const Resource = [
      { Property: 'FileUploads', OriginalValue: 'True', NewValue: 'False' },
      { Property: 'AllowAuditLogging', OriginalValue: 'True', NewValue: 'False' },
    ];
    const changed = (data: unknown, id = 1) => ({
      ...fixture('settings-style-b'),
      Id: `e0e0e0e0-0000-4000-8000-00000000000${id}`,
      CopilotSettingsEventData: data,
    });
    const query =
      'CopilotAdminEvents | sort by RecordId asc, ChangeIndex asc | project RecordId, Property, OldValue, NewValue';
    const found = ask(query, {
      CopilotAudit_CL: [changed({ Resource }, 1), changed({ Resource: [] }, 2), changed(null, 3)].map((raw) =>
        auditRow(raw),
      ),
    });
    expect(found.map(({ Property, OldValue, NewValue }) => [Property, OldValue, NewValue])).toEqual([
      ['FileUploads', 'True', 'False'],
      ['AllowAuditLogging', 'True', 'False'],
      ['', '', ''],
      ['', '', ''],
    ]);
    expect(ask(query, { CloudAppEvents: [cloudAppRow(changed({ Resource }))] })).toHaveLength(2);
    expect(ask(query, { CopilotActivity: [activityRow(changed({ resource: Resource }))] })).toHaveLength(2);
  });

  it('reads the change of agent settings from the event itself', () => {
    const raw = fixture('agent-settings-changed');
    const change = {
      AdminAction: 'settings',
      AdminObject: 'settings',
      Property: 'AllowSharedAgents',
      OldValue: 'All',
      NewValue: 'None',
    };
    expect(ask(`CopilotAdminEvents | project ${columns}`, { CopilotAudit_CL: [auditRow(raw)] })).toEqual([change]);
    expect(ask(`CopilotAdminEvents | project ${columns}`, { CloudAppEvents: [cloudAppRow(raw)] })).toEqual([change]);
  });
});
