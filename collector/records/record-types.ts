/**
 * Record types of the Copilot family: number on the wire -> name.
 * Names: Office 365 Management Activity API schema, enum AuditLogRecordType (June 2026).
 * 256 (PowerPlatformAdministratorActivity) is absent on purpose: only its Copilot Studio operations belong here.
 */
const copilotRecordTypes: ReadonlyMap<number, string> = new Map([
  [261, 'CopilotInteraction'],
  [284, 'AIAppInteraction'],
  [310, 'CreateCopilotPlugin'],
  [311, 'UpdateCopilotPlugin'],
  [312, 'DeleteCopilotPlugin'],
  [313, 'EnableCopilotPlugin'],
  [314, 'DisableCopilotPlugin'],
  [315, 'CreateCopilotWorkspace'],
  [316, 'UpdateCopilotWorkspace'],
  [317, 'DeleteCopilotWorkspace'],
  [318, 'EnableCopilotWorkspace'],
  [319, 'DisableCopilotWorkspace'],
  [320, 'CreateCopilotPromptBook'],
  [321, 'UpdateCopilotPromptBook'],
  [322, 'DeleteCopilotPromptBook'],
  [323, 'EnableCopilotPromptBook'],
  [324, 'DisableCopilotPromptBook'],
  [325, 'UpdateCopilotSettings'],
  [328, 'ConnectedAIAppInteraction'],
  [334, 'TeamCopilotInteraction'],
  [362, 'AIInteractionsExport'],
  [363, 'Microsoft365CopilotScheduledPrompt'],
  [370, 'SentinelAITool'],
  [373, 'OutlookCopilotAutomation'],
  [375, 'AppAdminActivity'],
  [376, 'AppSettingsAdminActivity'],
  [379, 'AIInteractionsSubscription'],
  [380, 'AIInteractionsChangeNotification'],
  [383, 'CopilotForSecurityTrigger'],
  [384, 'CopilotAgentManagement'],
  [385, 'P4AIAssessmentFabricScannerRecord'],
  // Seen on Sentinel AI tool events, although the published enum says 370 and knows no 403.
  [403, 'SentinelAITool'],
  [430, 'PurviewPostureAgent'],
  [454, 'DragonCopilotAdmin'],
  [463, 'VivaGlintAgenticCampaign'],
]);

/** Names of UserType: Office 365 Management Activity API schema, enum UserType. */
const userTypes: readonly string[] = [
  'Regular',
  'Reserved',
  'Admin',
  'DcAdmin',
  'System',
  'Application',
  'ServicePrincipal',
  'CustomPolicy',
  'SystemPolicy',
  'PartnerTechnician',
  'Guest',
];

const numberOfName = new Map([...copilotRecordTypes].reverse().map(([number, name]) => [name.toLowerCase(), number]));
numberOfName.set('powerplatformadministratoractivity', 256);

/** What a caller may add to the record types known here: number -> name, for types a tenant meets first. */
export interface RecordTypeOptions {
  readonly extraRecordTypes?: ReadonlyMap<number, string>;
}

/** The record type as a number from `261`, `"261"`, `" 261.0 "` or a known name; null for anything else. */
export function toRecordType(value: unknown): number | null {
  if (typeof value === 'number') return value >= 0 && (value | 0) === value ? value : null;
  if (typeof value !== 'string') return null;
  const text = value.trim();
  // Nine digits keep the number inside the int column.
  if (/^\d{1,9}(?:\.0+)?$/.test(text)) return Number(text);
  return numberOfName.get(text.toLowerCase()) ?? null;
}

/** True for a record type (as sent) of the Copilot family. */
export function isCopilotRecordType(value: unknown, { extraRecordTypes }: RecordTypeOptions = {}): boolean {
  const number = toRecordType(value);
  return number !== null && (copilotRecordTypes.has(number) || extraRecordTypes?.has(number) === true);
}

/** Name of a record type; the number as text when nobody has named it. */
export function recordTypeName(recordType: number, { extraRecordTypes }: RecordTypeOptions = {}): string {
  return (
    extraRecordTypes?.get(recordType) ??
    copilotRecordTypes.get(recordType) ??
    (recordType === 256 ? 'PowerPlatformAdministratorActivity' : String(recordType))
  );
}

/** Name of a UserType number; the number as text when it is unknown. */
export function userTypeName(userType: number): string {
  return userTypes[userType] ?? String(userType);
}
