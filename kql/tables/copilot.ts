/** Microsoft's own tables of Copilot and agent events. Columns: Azure Monitor table reference, 2026. */
import { table } from './table.ts';

export const copilotTables = [
  table('CopilotActivity', {
    datetime: 'TimeGenerated',
    string:
      'ActorName ActorUserId ActorUserType AgentId AgentName AIModelName AIModelVersion AppHost AppIdentity ' +
      'ClientRegion LogVersion OrganizationId RecordId RecordType SrcIpAddr Version Workload',
    dynamic: 'LLMEventData',
  }),
  table('ASimAgentEventLogs', {
    datetime: 'EventEndTime EventStartTime TimeGenerated',
    string:
      'ActingAppId ActingAppName ActingAppType ActorUserId ActorUserIdType ActorUsername ActorUsernameType ' +
      'ActorUserScope ActorUserScopeId EventErrorDetails EventOriginalErrorType EventOriginalRequestDetails ' +
      'EventOriginalResultDetails EventOriginalType EventOriginalUid EventOutputType EventProduct ' +
      'EventRequestId EventResponseId EventSchema EventSchemaVersion EventSessionId EventSessionName ' +
      'EventThoughtProcessDetails EventThoughtProcessId EventType EventUid EventVendor ModelName ' +
      'ModelProviderName PlatformTargetAgentDescription PlatformTargetAgentId PlatformTargetAgentName ' +
      'PlatformTargetOriginalAgentType SrcAgentBlueprintId SrcAgentDescription SrcAgentId SrcAgentName ' +
      'SrcAgentOriginalType SrcFQDN SrcIpAddr TargetAgentBlueprintId TargetAgentDescription TargetAgentId ' +
      'TargetAgentName TargetAgentOriginalType TargetAgentUserId TargetAgentUsername ToolDescription ToolId ' +
      'ToolName ToolOriginalType',
    dynamic: 'AdditionalFields EventFinishReasons',
    int: 'EventCount SrcPortNumber',
    long: 'EventRequestSeed InputTokensUsed OutputTokensUsed',
    real: 'EventRequestFrequencyPenalty EventRequestPresencePenalty EventRequestTemperature EventRequestTopP',
  }),
  table('ASimAuditEventLogs', {
    datetime: 'EventEndTime EventStartTime ThreatFirstReportedTime ThreatLastReportedTime TimeGenerated',
    string:
      'ActingAppId ActingAppName ActingAppType ActingOriginalAppType ActorOriginalUserType ActorScope ' +
      'ActorScopeId ActorSessionId ActorUserAadId ActorUserId ActorUserIdType ActorUsername ' +
      'ActorUsernameType ActorUserSid ActorUserType DvcAction DvcDescription DvcDomain DvcDomainType ' +
      'DvcFQDN DvcHostname DvcId DvcIdType DvcInterface DvcIpAddr DvcMacAddr DvcOriginalAction DvcOs ' +
      'DvcOsVersion DvcScope DvcScopeId DvcZone EventMessage EventOriginalResultDetails ' +
      'EventOriginalSeverity EventOriginalSubType EventOriginalType EventOriginalUid EventOwner ' +
      'EventProduct EventProductVersion EventReportUrl EventResult EventResultDetails EventSchemaVersion ' +
      'EventSeverity EventSubType EventType EventVendor HttpUserAgent NewValue Object ObjectId ObjectType ' +
      'OldValue Operation OriginalObjectType RuleName SrcDescription SrcDeviceType SrcDomain SrcDomainType ' +
      'SrcDvcId SrcDvcIdType SrcDvcScope SrcDvcScopeId SrcFQDN SrcGeoCity SrcGeoCountry SrcGeoRegion ' +
      'SrcHostname SrcIpAddr SrcOriginalRiskLevel TargetAppId TargetAppName TargetAppType TargetDescription ' +
      'TargetDeviceType TargetDomain TargetDomainType TargetDvcId TargetDvcIdType TargetDvcOs ' +
      'TargetDvcScope TargetDvcScopeId TargetFQDN TargetGeoCity TargetGeoCountry TargetGeoRegion ' +
      'TargetHostname TargetIpAddr TargetOriginalAppType TargetOriginalRiskLevel TargetUrl ThreatCategory ' +
      'ThreatField ThreatId ThreatIpAddr ThreatName ThreatOriginalConfidence ThreatOriginalRiskLevel ' +
      'ValueType',
    dynamic: 'AdditionalFields',
    bool: 'ThreatIsActive',
    int:
      'EventCount RuleNumber SrcPortNumber SrcRiskLevel TargetPortNumber TargetRiskLevel ThreatConfidence ' +
      'ThreatRiskLevel',
    real: 'SrcGeoLatitude SrcGeoLongitude TargetGeoLatitude TargetGeoLongitude',
  }),
];
