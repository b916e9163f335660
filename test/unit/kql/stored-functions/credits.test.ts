import { describe, expect, it, test } from 'vitest';
import type { JsonRow } from '../../../../kql/engine/json-rows.ts';
import { activityRow, ask, auditRow, entityRow, half, idOf, interaction } from './workspace-of.ts';

const agent = '7c7c7c7c-0000-4000-8000-00000000000a';
/** A customer's custom engine: each grounded answer is 12 credits. */
const engine = {
  AgentId: `CopilotStudio.CustomEngine.${agent}`,
  AgentName: 'Travel Desk',
  AppIdentity: 'Copilot.Studio.7c7c7c7c-0000-4000-8000-0000000000ee-cr1_travelDesk',
};
const grounded = (answers: number) => ({
  Messages: [
    { Id: 'q', isPrompt: true },
    ...Array.from({ length: answers }, (_, at) => ({ Id: `a${at}`, isPrompt: false })),
  ],
  AccessedResources: [
    {
      Id: 'r',
      SiteUrl: 'https://contoso.sharepoint.com/sites/x',
      SensitivityLabelId: 'd1d1d1d1-0000-4000-8000-000000000002',
    },
  ],
});
const license = (HasCopilotLicense: boolean | null): JsonRow =>
  entityRow('user', 'megan@contoso.example', { HasCopilotLicense });
const columns =
  'CreditStatus, AgentName, CreditsGross, CreditsBillable, CreditsBillableAtMost, CreditsGenerative, CreditsGrounding, CreditsAction, CreditBasis, ZeroRatedReason';

describe('CopilotCredits', () => {
  const four = {
    AgentName: 'Travel Desk',
    CreditsGross: 48,
    CreditsGenerative: 8,
    CreditsGrounding: 40,
    CreditsAction: 0,
    CreditBasis: 'CustomEngine',
  };
  const licences: readonly (readonly [string, readonly JsonRow[], JsonRow])[] = [
    [
      'no licence',
      [license(false)],
      { CreditStatus: 'billable', CreditsBillable: 48, CreditsBillableAtMost: 48, ZeroRatedReason: '' },
    ],
    [
      'a licence',
      [license(true)],
      { CreditStatus: 'zero-rated', CreditsBillable: 0, CreditsBillableAtMost: 0, ZeroRatedReason: 'licensed' },
    ],
    [
      'nobody knows',
      [],
      { CreditStatus: 'licence-unknown', CreditsBillable: null, CreditsBillableAtMost: 48, ZeroRatedReason: '' },
    ],
  ];
  test.for(licences)('tells what four grounded answers cost, with %s', ([, CopilotEntities_CL, expected]) => {
    const tables = { CopilotAudit_CL: [auditRow(interaction(1, grounded(4), engine))], CopilotEntities_CL };
    expect(ask(`CopilotCredits | project ${columns}`, tables)).toEqual([{ ...four, ...expected }]);
  });

  it('never sums twins or copies', () => {
    const client = half('client', 2, 4, grounded(1));
    const price = {
      CreditsGross: 12,
      CreditsBillable: 12,
      IsZeroRated: false,
      ZeroRatedReason: null,
      CreditBasis: 'CustomEngine',
    };
    const tables = {
      CopilotAudit_CL: [
        auditRow(half('runtime', 1, 0), { columns: price }),
        auditRow(client, { columns: price }),
        auditRow(client, { columns: price, received: '2026-09-02T00:00:00Z' }),
      ],
      CopilotActivity: [activityRow(client)],
    };
    expect(ask('CopilotCredits | project RecordId, TwinRecordId, CreditStatus, CreditsBillable', tables)).toEqual([
      { RecordId: idOf(2), TwinRecordId: idOf(1), CreditStatus: 'billable', CreditsBillable: 12 },
    ]);
  });

  it('adds up by agent, and counts what the sum does not hold', () => {
    const unnamed = { AgentId: 'CopilotStudio.CustomEngine.7c7c7c7c-0000-4000-8000-00000000000b' };
    const raws = [
      interaction(1, grounded(1), engine),
      interaction(2, grounded(2), { ...engine, UserId: 'alex@contoso.example' }),
      interaction(3, { Messages: [] }, engine),
      half('runtime', 4, 0, { AppHost: 'Microsoft Teams' }, { AgentName: 'Travel Desk' }),
      interaction(5, grounded(1), unnamed),
      // Copilot itself costs no credits and is no row.
      interaction(6, grounded(5)),
    ];
    const tables = { CopilotAudit_CL: raws.map((raw) => auditRow(raw)), CopilotEntities_CL: [license(false)] };
    const byAgent = `CopilotCredits | summarize Turns = count(), Billable = sum(CreditsBillable), AtMost = sum(CreditsBillableAtMost),
      Unknown = countif(CreditStatus == "licence-unknown"), NotEstimable = countif(CreditStatus == "not-estimable") by AgentName | sort by Turns desc`;
    expect(ask(byAgent, tables)).toEqual([
      { AgentName: 'Travel Desk', Turns: 4, Billable: 12, AtMost: 36, Unknown: 1, NotEstimable: 2 },
      { AgentName: unnamed.AgentId, Turns: 1, Billable: 12, AtMost: 12, Unknown: 0, NotEstimable: 0 },
    ]);
  });

  const statuses: readonly (readonly [string, JsonRow, string])[] = [
    [
      'a test pane',
      { CreditsGross: 12, CreditsBillable: 0, IsZeroRated: true, ZeroRatedReason: 'testPane' },
      'zero-rated',
    ],
    [
      'an agent of Microsoft',
      { CreditsGross: 0, CreditsBillable: 0, IsZeroRated: true, ZeroRatedReason: 'microsoftAgent' },
      'zero-rated',
    ],
    [
      'another meter',
      { CreditsGross: null, CreditBasis: 'NotEstimable', ZeroRatedReason: 'notEstimable' },
      'not-estimable',
    ],
    ['no estimate', { CreditsGross: null, CreditBasis: null }, 'not-estimable'],
    ['nothing to pay', { CreditsGross: 0, CreditsBillable: 0, IsZeroRated: false }, 'billable'],
    [
      'nothing to count',
      { CreditsGross: 0, CreditsBillable: 0, IsZeroRated: false, CreditBasis: 'NoMessages' },
      'not-estimable',
    ],
  ];
  test.for(statuses)('says of %s what its credits are worth', ([, price, CreditStatus]) => {
    const none = {
      CreditsGross: null,
      CreditsBillable: null,
      IsZeroRated: null,
      ZeroRatedReason: null,
      CreditBasis: 'CustomEngine',
    };
    const row = auditRow(interaction(1, {}, engine), { columns: { ...none, ...price } });
    expect(ask('CopilotCredits | project CreditStatus', { CopilotAudit_CL: [row] })).toEqual([{ CreditStatus }]);
  });

  it('shows what Microsoft’s table has of agents as not estimable, and takes the start and leaves out the end', () => {
    const raws = [8, 9, 10].map((hour) =>
      interaction(hour, grounded(1), { ...engine, CreationTime: `2026-09-01T${String(hour).padStart(2, '0')}:00:00` }),
    );
    const call =
      'CopilotCredits(datetime(2026-09-01T09:00), datetime(2026-09-01T10:00)) | project RecordId, CreditStatus';
    expect(ask(call, { CopilotActivity: raws.map((raw) => activityRow(raw)) })).toEqual([
      { RecordId: idOf(9), CreditStatus: 'not-estimable' },
    ]);
  });
});
