/** Rows as Defender XDR streams them: one of twenty is Copilot's, the others are of other applications. */

/** A line with its CRLF. */
export function exportRow(number: number): string {
  const isOurs = number % 20 === 0;
  const id = `0e0e0e0e-0000-4000-8000-${String(number).padStart(12, '0')}`;
  const upn = `person${number % 500}@contoso.example`;
  const operation = isOurs ? 'CopilotInteraction' : 'FileAccessed';
  const record = {
    CreationTime: '2026-11-18T09:00:00',
    Id: id,
    Operation: operation,
    // The tenant of collectOnce: records of another are left out.
    OrganizationId: '0a0a0a0a-0000-4000-8000-00000000b1b1',
    RecordType: isOurs ? 261 : 6,
    UserKey: id,
    UserType: 0,
    Version: 1,
    Workload: isOurs ? 'Copilot' : 'SharePoint',
    ClientIP: '192.0.2.7',
    UserId: upn,
    ...(isOurs
      ? {
          CopilotEventData: {
            AppHost: 'BizChat',
            Messages: [
              { Id: `${number}`, isPrompt: true },
              { Id: `${number}a`, isPrompt: false },
            ],
            ThreadId: `19:export${number}@thread.v2`,
          },
        }
      : { ObjectId: `https://contoso.sharepoint.example/sites/plan/file-${number}.docx`, SourceFileExtension: 'docx' }),
  };
  const properties = {
    ActionType: operation,
    ApplicationId: 20_892,
    Application: isOurs ? 'Microsoft 365 Copilot Chat' : 'Microsoft SharePoint Online',
    AccountObjectId: id,
    AccountDisplayName: `Person ${number % 500}`,
    AccountType: 'Regular',
    IPAddress: '192.0.2.7',
    CountryCode: 'US',
    City: 'Anytown',
    ISP: 'Contoso ISP',
    UserAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)',
    ActivityType: 'Basic',
    ActivityObjects: Array.from({ length: 8 }, (_, n) => ({
      Type: 'File',
      Role: 'Target object',
      Name: `file ${n} of ${number}`,
      Id: `id-${n}-${number}`,
    })),
    ReportId: `${number}_0_1`,
    IsExternalUser: false,
    RawEventData: record,
    UncommonForUser: [],
    LastSeenForUser: {},
    Timestamp: '2026-11-18T09:00:00Z',
  };
  const envelope = {
    time: '2026-11-18T09:04:00.1234567Z',
    tenantId: 'c0ffee00-0000-4000-8000-000000000001',
    operationName: 'Publish',
    category: 'AdvancedHunting-CloudAppEvents',
    _TimeReceivedBySvc: '2026-11-18T09:03:00.0000000Z',
  };
  return `${JSON.stringify({ ...envelope, properties })}\r\n`;
}
