import { describe, expect, it, test } from 'vitest';
import type { JsonRow } from '../../../../kql/engine/json-rows.ts';
import { watchlistRows } from '../../../../workspace/rules/watchlist-rows.ts';
import { ask, auditRow, entityRow, half, idOf, interaction, valuesOf } from './workspace-of.ts';

const secret = 'd1d1d1d1-0000-4000-8000-000000000001';
const internal = 'd1d1d1d1-0000-4000-8000-000000000002';
const read = (more: object = {}) => ({ Id: 'r', Type: 'docx', Name: 'Budget.docx', ...more });
const policy = (mode: string, actions: readonly string[]) => [
  { PolicyName: 'Keep secrets', Rules: [{ RuleName: 'One', RuleMode: mode, Actions: actions }] },
];
const asked = { Messages: [{ Id: 'q', isPrompt: true, JailbreakDetected: true }] };
const accessed = (...resources: readonly object[]) => ({ AccessedResources: resources });

/** Secret weighs most of two known labels. */
const labels = [
  entityRow('label', secret, { Name: 'Secret', Priority: 9 }),
  entityRow('label', internal, { Name: 'Internal', Priority: 1 }),
];
const found = (event: object, more: Readonly<Record<string, readonly JsonRow[]>> = {}) =>
  ask('CopilotSignals | sort by Signal asc | project Signal, Severity, Score', {
    CopilotAudit_CL: [auditRow(interaction(1, { ...event }))],
    CopilotEntities_CL: labels,
    ...more,
  });
const listed = (...items: readonly Readonly<Record<string, string>>[]) => ({
  Watchlist: watchlistRows('CopilotSensitiveLabels', items),
});

describe('CopilotSignals', () => {
  const marks: readonly (readonly [string, object, readonly JsonRow[]])[] = [
    ['a jailbreak', asked, [{ Signal: 'Jailbreak', Severity: 'High', Score: 10 }]],
    [
      'an indirect injection',
      accessed(read({ XPIADetected: true })),
      [{ Signal: 'Indirect injection', Severity: 'High', Score: 10 }],
    ],
    [
      'a block',
      accessed(read({ Status: 'failure', PolicyDetails: policy('Enforce', ['BlockAccess']) })),
      [{ Signal: 'Policy blocked', Severity: 'Medium', Score: 4 }],
    ],
    [
      'a block of sensitive content, which is read content too',
      accessed(
        read({
          Status: 'failure',
          SensitivityLabelId: secret.toUpperCase(),
          PolicyDetails: policy('Enforce', ['BlockAccess']),
        }),
      ),
      [
        { Signal: 'Policy blocked', Severity: 'High', Score: 10 },
        { Signal: 'Sensitive label read', Severity: 'Informational', Score: 0.1 },
      ],
    ],
    [
      'an audit',
      accessed(read({ PolicyDetails: policy('Audit only', []) })),
      [{ Signal: 'Policy audited', Severity: 'Low', Score: 1 }],
    ],
    [
      'a failed read',
      accessed(read({ Status: 'failure' })),
      [{ Signal: 'Access failed', Severity: 'Informational', Score: 0.1 }],
    ],
    [
      'what runtime protection stopped, which is no failed read then',
      accessed(read({ Type: 'SecurityWebhook', Status: 'failure', Action: 'Reason: Blocked by policy' })),
      [{ Signal: 'Runtime protection block', Severity: 'Medium', Score: 4 }],
    ],
    [
      'a deferred policy where a label is',
      { ...accessed(read({ SensitivityLabelId: internal })), DLPEvaluationDeferred: 4 },
      [{ Signal: 'Policy deferred', Severity: 'Informational', Score: 0.1 }],
    ],
    ['nothing where a deferred policy meets no label', { DLPEvaluationDeferred: 4 }, []],
    ['nothing where a file only has such a name', accessed(read({ Name: 'Blocked by rain.docx' })), []],
    ['nothing where all marks are clean', { Messages: [{ Id: 'q', isPrompt: true, JailbreakDetected: false }] }, []],
  ];
  test.for(marks)('tells %s', ([, event, expected]) => {
    expect(found(event)).toEqual(expected);
  });

  it('takes labels from half of the highest priority up for sensitive while the list is empty', () => {
    expect(found(accessed(read({ SensitivityLabelId: secret })))).toEqual([
      { Signal: 'Sensitive label read', Severity: 'Informational', Score: 0.1 },
    ]);
    expect(found(accessed(read({ SensitivityLabelId: internal })))).toEqual([]);
  });

  it('lets the list say it alone, with ids in any spelling, and rows that are not enabled left out', () => {
    const list = listed(
      { SearchKey: ` ${internal.toUpperCase()} `, Rank: '3', AlertOnAccess: 'true', Enabled: 'true' },
      { SearchKey: secret, Rank: '9', AlertOnAccess: 'true', Enabled: 'false' },
    );
    expect(found(accessed(read({ SensitivityLabelId: internal })), list)).toEqual([
      { Signal: 'Top label read', Severity: 'Medium', Score: 4 },
    ]);
    expect(found(accessed(read({ SensitivityLabelId: secret })), list)).toEqual([]);
  });

  it('leaves out listed labels below half of the highest rank', () => {
    const list = listed({ SearchKey: secret, Rank: '9' }, { SearchKey: internal, Rank: '4' });
    expect(found(accessed(read({ SensitivityLabelId: internal })), list)).toEqual([]);
    expect(found(accessed(read({ SensitivityLabelId: secret })), list)).toHaveLength(1);
  });

  it('is one person, however the records spell the name', () => {
    const id = '3e3e3e3e-0000-4000-8000-000000000001';
    const rows = [
      interaction(1, asked, { UserId: 'Megan@Contoso.example' }),
      interaction(2, asked, { UserId: 'Megan Bowen', UserKey: id }),
      interaction(3, asked, { UserId: id, UserKey: id }),
    ].map((raw) => auditRow(raw));
    const person = entityRow(
      'user',
      'megan@contoso.example',
      { UserPrincipalName: 'megan@contoso.example' },
      { aliases: [id] },
    );
    const signals = ask('CopilotSignals', { CopilotAudit_CL: rows, CopilotEntities_CL: [person] });
    expect(valuesOf(signals, 'Person')).toEqual(Array.from({ length: 3 }, () => 'megan@contoso.example'));
  });

  it('counts a signal that both records of a turn carry once, and that of the runtime record alone too', () => {
    // A runtime record has no messages, so its marks are on resources.
    const attacked = accessed(read({ XPIADetected: true }));
    const both = [auditRow(half('runtime', 1, 0, attacked)), auditRow(half('client', 2, 3, attacked))];
    expect(ask('CopilotSignals | project RecordId', { CopilotAudit_CL: both })).toHaveLength(1);
    const alone = [auditRow(half('runtime', 1, 0, attacked)), auditRow(half('client', 2, 3))];
    expect(ask('CopilotSignals | project RecordId', { CopilotAudit_CL: alone })).toEqual([{ RecordId: idOf(1) }]);
    const later = [auditRow(half('runtime', 1, 0, attacked)), auditRow(half('client', 2, 600, attacked))];
    expect(ask('CopilotSignals | project RecordId', { CopilotAudit_CL: later })).toHaveLength(2);
  });

  it('finds a late row by when it happened', () => {
    const row = auditRow(interaction(1, asked), { received: '2026-09-02T11:00:00Z' });
    const within = 'CopilotSignals(datetime(2026-09-01), datetime(2026-09-02))';
    expect(ask(within, { CopilotAudit_CL: [row] })).toHaveLength(1);
    expect(ask('CopilotSignals(datetime(2026-09-02))', { CopilotAudit_CL: [row] })).toEqual([]);
  });

  it('is empty on an empty workspace', () => {
    expect(ask('CopilotSignals')).toEqual([]);
  });
});
