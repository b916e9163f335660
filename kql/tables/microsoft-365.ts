/** Tables of Microsoft 365 and Power Platform. Columns: Azure Monitor table reference, 2026. */
import { table } from './table.ts';

export const microsoft365Tables = [
  table('OfficeActivity', {
    datetime: 'ElevationApprovedTime ElevationTime JoinTime LeaveTime Start_Time TimeGenerated',
    string:
      'AADGroupId AADTarget Activity Actor ActorContextId ActorIpAddress AddOnGuid AddonName AddOnType ' +
      'AffectedItems AppDistributionMode AppId Application ApplicationId AppPoolName ' +
      'AzureActiveDirectory_EventType AzureADAppId ChannelGuid ChannelName ChannelType ChatName ' +
      'ChatThreadId Client Client_IPAddress ClientAppId ClientInfoString ClientIP ClientMachineName ' +
      'ClientProcessName ClientVersion CommunicationType CustomEvent DestFolder DestinationFileExtension ' +
      'DestinationFileName DestinationRelativeUrl DestMailboxId DestMailboxOwnerMasterAccountSid ' +
      'DestMailboxOwnerSid DestMailboxOwnerUPN DeviceInformation EffectiveOrganization ElevationApprover ' +
      'ElevationRequestId ElevationRole Event_Data EventSource ExtendedProperties ExternalAccess Folder ' +
      'Folders GenericInfo InterSystemsId IntraSystemId Item ItemName ItemType ListItemUniqueId Logon_Type ' +
      'LogonUserDisplayName LogonUserSid MachineDomainInfo MachineId MailboxGuid ' +
      'MailboxOwnerMasterAccountSid MailboxOwnerSid MailboxOwnerUPN MeetingDetailId MessageId ' +
      'ModifiedObjectResolvedName ModifiedProperties NewValue OfficeId OfficeObjectId OfficeTenantId ' +
      'OfficeWorkload OldValue Operation OperationScope OrganizationId OrganizationName OriginatingServer ' +
      'Parameters RecordType ResultReasonType ResultStatus SendAsUserMailboxGuid SendAsUserSmtp ' +
      'SendonBehalfOfUserMailboxGuid SendOnBehalfOfUserSmtp SensitivityLabelId SharingType Site_ Site_Url ' +
      'Source_Name SourceFileExtension SourceFileName SourceRecordId SourceRelativeUrl SRPolicyId ' +
      'SRPolicyName SupportTicketId TabType TargetContextId TargetUserId TargetUserOrGroupName ' +
      'TargetUserOrGroupType TeamGuid TeamName UniqueSharingId UserAgent UserDomain UserId UserKey ' +
      'UserSharedWith UserType',
    dynamic:
      'AppAccessContext ArtifactsShared Attendees ExtraProperties Members OperationProperties SRRuleMatchDetails',
    bool: 'CrossMailboxOperations IsJoinedFromLobby IsManagedDevice',
    int: 'DataCenterSecurityEventType ElevationDuration InternalLogonType LoginStatus',
  }),
  table('CloudAppEvents', {
    datetime: 'TimeGenerated',
    string:
      'AccountDisplayName AccountId AccountObjectId AccountType ActionType ActivityType Application ' +
      'AuditSource City CountryCode DeviceType IPAddress IPCategory ISP OAuthAppId ObjectId ObjectName ' +
      'ObjectType OSPlatform ReportId UserAgent',
    dynamic:
      'ActivityObjects AdditionalFields IPTags LastSeenForUser RawEventData SessionData UncommonForUser ' +
      'UserAgentTags',
    bool: 'IsAdminOperation IsAnonymousProxy IsExternalUser IsImpersonated',
    int: 'AppInstanceId ApplicationId',
  }),
  table('MicrosoftPurviewInformationProtection', {
    datetime: 'ItemCreationTime ItemLastModifiedTime LabelAppliedDateTime TimeGenerated',
    string:
      'ActionSource ActionSourceDetail Application ApplicationMode ClientIP ContentType CorrelationId ' +
      'CurrentProtectionTypeName DataState DeviceName ExecutionRuleId ExecutionRuleName ' +
      'ExecutionRuleVersion Id IrmContentId ItemName ItemSize JustificationText LabelAction LabelEventType ' +
      'LabelName LabelVersion MachineName MgtRuleId ObjectId OldSensitivityLabelId ' +
      'OldSensitivityLabelOwnerEmail Operation OrganizationId OverRideReason OverRideType Platform PolicyId ' +
      'PolicyName PolicyVersion PreviousProtectionTypeName ProtectionEventTypeName RecordTypeName ' +
      'ResultStatus RuleMode Scope ScopedLocationId Sender SensitivityLabelId SensitivityLabelOwnerEmail ' +
      'SensitivityLabelPolicyId Severity TargetLocation UserId UserKey UserType Workload WorkLoadItemId',
    dynamic:
      'AppAccessContext AutoSensitivityLabelPolicyInfo Common ConditionMatch CurrentProtectionType ' +
      'EmailInfo ExchangeMetaData OverriddenActions PreviousProtectionType ProtectionEventData Receivers ' +
      'RuleActions SensitiveInfoTypeData SensitivityLabelEventFailureData SharePointMetaData',
    bool: 'IsViewableByExternalUsers SensitiveInfoDetectionIsIncluded',
    int: 'RecordType',
  }),
  table('PowerPlatformAdminActivity', {
    datetime: 'TimeGenerated',
    string:
      'ActorName ActorUserId ActorUserType EnvironmentId EventOriginalType EventOriginalUid EventResult ' +
      'OrganizationId RecordType Workload',
    dynamic: 'Properties PropertyCollection',
    bool: 'RequiresCustomerKeyEncryption',
  }),
  table('MicrosoftGraphActivityLogs', {
    datetime: 'TimeGenerated TokenIssuedAt',
    string:
      'AadTenantId ApiVersion AppId ATContent ATContentH ATContentP ClientRequestId DeviceId ' +
      'IdentityProvider IPAddress Location OperationId RequestId RequestMethod RequestUri Roles Scopes ' +
      'ServicePrincipalId SessionId SignInActivityId UniqueTokenId UserAgent UserId Wids',
    int: 'ClientAuthMethod DurationMs ResponseSizeBytes ResponseStatusCode',
  }),
  table('UrlClickEvents', {
    datetime: 'TimeGenerated',
    string:
      'AccountUpn ActionType AppName AppVersion DetectionMethods IPAddress NetworkMessageId ReportId ' +
      'SourceId ThreatTypes Url UrlChain Workload',
    bool: 'IsClickedThrough',
  }),
  table('EmailEvents', {
    datetime: 'LastEventExecutionTime TimeGenerated',
    string:
      'AuthenticationDetails ConfidenceLevel Connectors Context DeliveryAction DeliveryLocation ' +
      'DetectionMethods DistributionList EmailAction EmailActionPolicy EmailActionPolicyGuid EmailDirection ' +
      'EmailLanguage ExchangeTransportRule ForwardingInformation InternetMessageId LatestDeliveryAction ' +
      'LatestDeliveryLocation NetworkMessageId OrgLevelAction OrgLevelPolicy RecipientDomain ' +
      'RecipientEmailAddress RecipientObjectId ReportId SenderDisplayName SenderFromAddress ' +
      'SenderFromDomain SenderIPv4 SenderIPv6 SenderMailFromAddress SenderMailFromDomain SenderObjectId ' +
      'Subject ThreatClassification ThreatNames ThreatTypes UserLevelAction UserLevelPolicy',
    dynamic: 'AdditionalFields Cc To',
    bool: 'IsFirstContact',
    int: 'AttachmentCount BulkComplaintLevel EmailSize UrlCount',
    long: 'EmailClusterId',
  }),
];
