/** What a row takes from its record and what from look-ups, where both could speak. */
import { expect, test } from 'vitest';
import { noFacts, type Facts, type LabelFacts, type UserFacts } from '../../../collector/enrich/facts.ts';
import { parseRecord } from '../../../collector/records/parse-record.ts';
import { toAuditRow } from '../../../collector/rows/to-audit-row.ts';
import type { CopilotAuditRow } from '../../../collector/schema/index.ts';

const origin = { source: 'activity-feed', contentCreated: null, collectedTime: '2026-09-01T09:50:00.000Z' };
const envelope = {
  Id: 'r-1',
  CreationTime: '2026-09-01T09:30:00',
  RecordType: 261,
  UserType: 0,
  UserId: 'megan@contoso.example',
};

function rowOf(raw: object, facts: Partial<Facts> = {}): CopilotAuditRow {
  const result = parseRecord({ ...envelope, ...raw }, { contentFields: 'drop' });
  if (!result.ok) throw new Error(result.reason);
  return toAuditRow(result.record, origin, { ...noFacts, ...facts });
}

const user: UserFacts = {
  kind: 'user',
  userPrincipalName: 'megan@contoso.example',
  displayName: null,
  department: null,
  jobTitle: null,
  country: null,
  office: null,
  manager: null,
  accountEnabled: null,
  isGuest: null,
  hasCopilotLicense: null,
};

test.for<[expected: boolean | null, licenseType: string | null, directory: boolean | null]>([
  [true, 'Premium', false],
  [true, 'premium', null],
  [true, null, true],
  [false, null, false],
  [false, 'Other', false],
  [null, 'Other', null],
  [null, null, null],
])('licence %s: LicenseType %s of the record, directory %s', ([expected, LicenseType, hasCopilotLicense]) => {
  const facts = { user: { ...user, hasCopilotLicense } };
  expect(rowOf({ CopilotEventData: { LicenseType } }, facts).UserHasCopilotLicense).toBe(expected);
});

test('a licence that the record tells decides about the credits, whatever the directory says', () => {
  const raw = {
    AgentId: 'CopilotStudio.CustomEngine.7c7c7c7c-0000-4000-8000-00000000000a',
    CopilotEventData: { LicenseType: 'Premium', Messages: [{ isPrompt: false }] },
  };
  const facts = { user: { ...user, hasCopilotLicense: false } };
  expect(rowOf(raw, facts)).toMatchObject({ CreditsGross: 2, CreditsBillable: 0, ZeroRatedReason: 'licensed' });
});

test.for([
  ['an application', { UserType: 5 }],
  ['a service principal', { UserType: 6 }],
  ['an actor that is no person', { UserId: 'ServicePrincipal_7c7c7c7c' }],
  ['the host Autonomous', { CopilotEventData: { AppHost: 'autonomous', Messages: [{ isPrompt: false }] } }],
] as const)('a run by %s is charged whatever the licence', ([, more]) => {
  const raw = {
    AgentId: 'CopilotStudio.CustomEngine.7c7c7c7c-0000-4000-8000-00000000000a',
    CopilotEventData: { Messages: [{ isPrompt: false }] },
    ...more,
  };
  const row = rowOf(raw, { user: { ...user, hasCopilotLicense: true } });
  expect(row).toMatchObject({ CreditsGross: 2, CreditsBillable: 2, IsZeroRated: false });
});

test.for([
  [true, 10, false],
  [true, 10, null],
  [true, 0, true],
  [false, 0, false],
  [null, 0, null],
] as const)('guest %s: UserType %s, directory %s', ([expected, UserType, isGuest]) => {
  expect(rowOf({ UserType }, { user: { ...user, isGuest } }).UserIsGuest).toBe(expected);
});

const label = (name: string, priority: number | null): LabelFacts => ({
  kind: 'label',
  name,
  priority,
  parentId: null,
});
const known = new Map([
  ['low', label('Low', 0)],
  ['high', label('High', 9)],
  ['same', label('Same', 9)],
  ['odd', label('Odd', null)],
]);

test.for<[ids: readonly string[], top: string | null, name: string | null, priority: number | null]>([
  [[], null, null, null],
  [['low'], 'low', 'Low', 0],
  [['LOW', 'High'], 'high', 'High', 9],
  [['high', 'low'], 'high', 'High', 9],
  [['high', 'same'], 'high', 'High', 9],
  [['absent'], 'absent', null, null],
  [['odd'], 'odd', 'Odd', null],
  [['high', 'absent'], null, null, null],
  [['high', 'odd'], null, null, null],
  [['00000000-0000-0000-0000-000000000000', 'low'], 'low', 'Low', 0],
])('the top label of %j is %s', ([ids, TopLabelId, TopLabelName, TopLabelPriority]) => {
  const AccessedResources = ids.map((SensitivityLabelId) => ({ SensitivityLabelId }));
  expect(rowOf({ CopilotEventData: { AccessedResources } }, { labels: known })).toMatchObject({
    TopLabelId,
    TopLabelName,
    TopLabelPriority,
  });
});

test.for([
  ['megan@contoso.example', 'megan_contoso_example', 'megan@contoso.example'],
  ['Megan.O-Neil@contoso.example', 'megan_o-neil_contoso_example', 'Megan.O-Neil@contoso.example'],
  ['Megan.O-Neil@contoso.example', 'megan_o_neil_contoso_example', 'Megan.O-Neil@contoso.example'],
  ['lee@contoso.example', 'megan_contoso_example', 'megan_contoso_example'],
  ['Megan Contoso Example', 'megan_contoso_example', 'megan_contoso_example'],
] as const)('%s in the OneDrive %s: the owner is %s', ([UserId, account, owner]) => {
  const Contexts = [{ Id: `https://contoso-my.sharepoint.com/personal/${account}/Documents/a.docx` }];
  expect(rowOf({ UserId, CopilotEventData: { Contexts } }).SiteOwner).toBe(owner);
  const siteOwner = 'kim@contoso.example';
  expect(rowOf({ UserId, CopilotEventData: { Contexts } }, { siteOwner }).SiteOwner).toBe(siteOwner);
});

const agent = {
  kind: 'agent',
  name: 'Catalogue name',
  packageType: 'custom',
  publisher: null,
  platform: null,
  isBlocked: null,
  sharing: null,
} as const;
const AppIdentity = 'Copilot.Studio.Default-0a1b2c3d-0000-4000-8000-0000000000ff-con01_travelDesk';

test.for([
  ['Sent name', { AgentName: 'Sent name', AppIdentity }, agent],
  ['Catalogue name', { AppIdentity }, agent],
  ['con01_travelDesk', { AppIdentity }, { ...agent, name: null }],
  ['con01_travelDesk', { AppIdentity }, null],
] as const)('the agent is called %s', ([name, raw, facts]) => {
  expect(rowOf(raw, { agent: facts }).AgentName).toBe(name);
});

test('a look-up names the file that a sharing link hides, and never changes its address', () => {
  const url = 'https://contoso.sharepoint.com/:w:/s/finance/EfakeToken';
  const file = {
    kind: 'file',
    name: 'Minutes.docx',
    extension: 'docx',
    url: 'https://contoso.sharepoint.com/sites/finance/Minutes.docx',
    siteUrl: null,
    sizeBytes: 1,
    modifiedTime: null,
  } as const;
  const Contexts = [{ Id: `${url}?e=1` }];
  expect(rowOf({ CopilotEventData: { Contexts } }, { file })).toMatchObject({
    FileName: 'Minutes.docx',
    FileExtension: 'docx',
    FileUrl: url,
    SiteUrl: 'https://contoso.sharepoint.com/sites/finance',
    FileSizeBytes: 1,
  });
  expect(rowOf({ CopilotEventData: { Contexts } })).toMatchObject({
    FileName: null,
    FileExtension: null,
    FileUrl: url,
  });
});

test('a record that is no interaction has no credits and no file, but an actor', () => {
  const row = rowOf({ RecordType: 325 }, { user: { ...user, department: 'Finance' }, errors: ['agents: forbidden'] });
  const filled = Object.keys(row).filter(
    (column) =>
      /^(?:Credit|IsZero|Zero|Ground|File|Site|Meeting|TopLabel)/.test(column) &&
      row[column as keyof typeof row] !== null,
  );
  expect(filled).toEqual([]);
  expect(row).toMatchObject({ UserDepartment: 'Finance', EnrichmentErrors: ['agents: forbidden'] });
});
