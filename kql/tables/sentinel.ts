/** Tables of Microsoft Sentinel and Defender: alerts, incidents, intelligence, watchlists, health. Columns: Azure Monitor table reference, 2026. */
import { table } from './table.ts';

export const sentinelTables = [
  table('SecurityAlert', {
    datetime: 'EndTime ProcessingEndTime StartTime TimeGenerated',
    string:
      'AlertLink AlertName AlertSeverity AlertType CompromisedEntity ConfidenceLevel Description ' +
      'DisplayName Entities ExtendedLinks ExtendedProperties ProductComponentName ProductName ProviderName ' +
      'RemediationSteps ResourceId SourceComputerId Status SubTechniques SystemAlertId Tactics Techniques ' +
      'VendorName VendorOriginalId WorkspaceResourceGroup WorkspaceSubscriptionId',
    bool: 'IsIncident',
    real: 'ConfidenceScore',
  }),
  table('SecurityIncident', {
    datetime:
      'ClosedTime CreatedTime FirstActivityTime FirstModifiedTime LastActivityTime LastModifiedTime TimeGenerated',
    string:
      'Classification ClassificationComment ClassificationReason Description IncidentName IncidentUrl ' +
      'ModifiedBy ProviderIncidentId ProviderName Severity Status Title',
    dynamic: 'AdditionalData AlertIds BookmarkIds Comments Labels Owner RelatedAnalyticRuleIds Tasks',
    int: 'IncidentNumber',
  }),
  table('AlertInfo', {
    datetime: 'TimeGenerated',
    string: 'AlertId AttackTechniques Category DetectionSource ServiceSource Severity Title',
  }),
  table('AlertEvidence', {
    datetime: 'TimeGenerated',
    string:
      'AccountDomain AccountName AccountObjectId AccountSid AccountUpn AlertId Application AttackTechniques ' +
      'Categories CloudPlatform CloudResource DetectionSource DeviceId DeviceName EmailSubject EntityType ' +
      'EvidenceDirection EvidenceRole FileName FolderPath LocalIP NetworkMessageId OAuthApplicationId ' +
      'ProcessCommandLine RegistryKey RegistryValueData RegistryValueName RemoteIP RemoteUrl ServiceSource ' +
      'Severity SHA1 SHA256 ThreatFamily Title',
    dynamic: 'AdditionalFields',
    int: 'ApplicationId',
    long: 'FileSize',
  }),
  table('ThreatIntelIndicators', {
    datetime: 'Created Modified TimeGenerated ValidFrom ValidUntil',
    string: 'AzureTenantId Id LastUpdateMethod ObservableKey ObservableValue Pattern Tags WorkspaceId',
    dynamic: 'AdditionalFields Data',
    bool: 'IsActive IsDeleted Revoked',
    int: 'Confidence',
  }),
  table('Watchlist', {
    datetime: 'CreatedTimeUTC _DTTimestamp LastUpdatedTimeUTC TimeGenerated TimeToLive',
    string:
      'AzureTenantId CorrelationId DefaultDuration _DTItemId _DTItemStatus _DTItemType Notes Provider ' +
      'SearchKey Source Tags WatchlistAlias WatchlistCategory WatchlistId WatchlistItemId WatchlistName',
    dynamic: 'CreatedBy EntityMapping UpdatedBy WatchlistItem',
  }),
  table('SentinelHealth', {
    datetime: 'TimeGenerated',
    string:
      'Description OperationName Reason RecordId SentinelResourceId SentinelResourceKind ' +
      'SentinelResourceName SentinelResourceType Status WorkspaceId',
    dynamic: 'ExtendedProperties',
  }),
  table('SentinelAudit', {
    datetime: 'TimeGenerated',
    string:
      'CorrelationId Description OperationName SentinelResourceId SentinelResourceKind SentinelResourceName ' +
      'SentinelResourceType Status WorkspaceId',
    dynamic: 'ExtendedProperties',
  }),
];
