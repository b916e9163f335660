/** Audit records of about 3 KB for benches: one shape of interaction, one of another workload. */

const CREATED = '2026-07-20T14:00:01';

/** Placeholder of the record id; the bench server writes another one over it in every blob. */
export const ID_PLACEHOLDER = '00000000-0000-4000-8000-000000000000';

const resource = (n: number) => ({
  Action: 'Read',
  Id: `b!bench${n}`,
  ListItemUniqueId: `1a2b3c4d-0000-4000-8000-00000000000${n}`,
  Name: `Quarterly report ${n}.docx`,
  PolicyDetails: '',
  SensitivityLabelId: `aaaaaaaa-bbbb-4ccc-8ddd-00000000000${n}`,
  SiteUrl: `https://contoso.sharepoint.com/sites/finance/Shared%20Documents/2026/Quarterly%20report%20${n}.docx`,
  Status: 'success',
  Type: 'docx',
  XPIADetected: false,
});

/** An interaction with six files and four messages. */
export const copilotRecord = {
  CreationTime: CREATED,
  Id: ID_PLACEHOLDER,
  Operation: 'CopilotInteraction',
  OrganizationId: '0a0a0a0a-0000-4000-8000-00000000b1b1',
  RecordType: 261,
  UserKey: '5b2d1f0a-0000-4000-8000-000000000001',
  UserType: 0,
  Version: 1,
  Workload: 'Copilot',
  ClientIP: '203.0.113.25',
  UserId: 'bench.user@contoso.example',
  ClientRegion: 'US',
  CopilotLogVersion: '1.0.0.0',
  AppIdentity: 'Copilot.MicrosoftCopilot.BizChat',
  CopilotEventData: {
    AISystemPlugin: [{ Id: 'BingWebSearch', Name: 'BuiltIn' }],
    AccessedResources: [1, 2, 3, 4, 5, 6].map(resource),
    AppHost: 'BizChat',
    Contexts: [{ Id: 'https://contoso.sharepoint.com/sites/finance/SitePages/Home.aspx', Type: 'aspx' }],
    MessageIds: [],
    Messages: [1, 2, 3, 4].map((n) => ({ Id: `178455600${n}000`, isPrompt: n % 2 === 1, JailbreakDetected: false })),
    ModelTransparencyDetails: [{ ModelProviderName: 'OpenAI' }],
    ThreadId: '19:bench0000000000000000000000000000000000000001@thread.v2',
  },
};

/** An endpoint record as Audit.General is full of them. */
export const foreignRecord = {
  CreationTime: CREATED,
  Id: ID_PLACEHOLDER,
  Operation: 'FileRenamed',
  OrganizationId: '0a0a0a0a-0000-4000-8000-00000000b1b1',
  RecordType: 63,
  UserKey: '5b2d1f0a-0000-4000-8000-000000000001',
  UserType: 0,
  Version: 1,
  Workload: 'Endpoint',
  ClientIP: '203.0.113.25',
  ObjectId: 'C:\\Users\\bench\\Documents\\Project\\notes.txt',
  UserId: 'bench.user@contoso.example',
  DeviceName: 'bench-pc-01.contoso.example',
  EvidenceFile: { FullUrl: '', StorageName: '' },
  Application: 'explorer.exe',
  SensitiveInfoTypeData: Array.from({ length: 14 }, (_, n) => ({
    SensitiveInfoTypeId: `50842eb7-0000-4000-8000-0000000000${n + 10}`,
    SensitiveInfoTypeName: `Synthetic type ${n}`,
    Confidence: 75,
    Count: n,
    SensitiveInformationDetailedClassificationAttributes: [{ Confidence: 65, Count: n, IsMatch: true }],
  })),
};
