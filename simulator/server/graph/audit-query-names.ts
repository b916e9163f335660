/** Names that the audit query writes where the Management API has numbers. */

const verbs = ['Create', 'Update', 'Delete', 'Enable', 'Disable'];

// Management Activity API schema, AuditLogRecordType: what the simulator's families use, and their neighbours.
const recordTypes: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [1, 'ExchangeAdmin'],
  [2, 'ExchangeItem'],
  [4, 'SharePoint'],
  [6, 'SharePointFileOperation'],
  [8, 'AzureActiveDirectory'],
  [9, 'AzureActiveDirectoryAccountLogon'],
  [15, 'AzureActiveDirectoryStsLogon'],
  [20, 'PowerBIAudit'],
  [21, 'CRM'],
  [25, 'MicrosoftTeams'],
  [28, 'ThreatIntelligence'],
  [30, 'MicrosoftFlow'],
  [45, 'PowerAppsApp'],
  [50, 'ExchangeItemAggregated'],
  [63, 'DLPEndpoint'],
  [256, 'PowerPlatformAdministratorActivity'],
  [261, 'CopilotInteraction'],
  [284, 'AIAppInteraction'],
  ...['Plugin', 'Workspace', 'PromptBook'].flatMap((noun, row) =>
    verbs.map((verb, nth): readonly [number, string] => [310 + row * verbs.length + nth, `${verb}Copilot${noun}`]),
  ),
  [325, 'UpdateCopilotSettings'],
  [328, 'ConnectedAIAppInteraction'],
  [334, 'TeamCopilotInteraction'],
  [362, 'AIInteractionsExport'],
  [363, 'Microsoft365CopilotScheduledPrompt'],
  [370, 'SentinelAITool'],
  [375, 'AppAdminActivity'],
  [376, 'AppSettingsAdminActivity'],
  [379, 'AIInteractionsSubscription'],
  [380, 'AIInteractionsChangeNotification'],
  [383, 'CopilotForSecurityTrigger'],
  [384, 'CopilotAgentManagement'],
]);

/** Pascal-case name of a record type; what is not known is the enumeration's sentinel. */
export function recordTypeName(recordType: unknown): string {
  return recordTypes.get(recordType) ?? 'UnknownFutureValue';
}

const userTypes = [
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

/** Name of a user type; what is not known is the enumeration's sentinel. */
export function userTypeName(userType: unknown): string {
  return (typeof userType === 'number' ? userTypes[userType] : undefined) ?? 'UnknownFutureValue';
}
