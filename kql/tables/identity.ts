/** Tables of Microsoft Entra and of user analytics. Columns: Azure Monitor table reference, 2026. */
import { table } from './table.ts';

export const identityTables = [
  table('SigninLogs', {
    datetime: 'CreatedDateTime TimeGenerated',
    string:
      'AADTenantId AlternateSignInName AppDisplayName AppId AppliedConditionalAccessPolicies ' +
      'AppOwnerTenantId AuthenticationAppDeviceDetails AuthenticationAppPolicyEvaluationDetails ' +
      'AuthenticationContextClassReferences AuthenticationDetails AuthenticationMethodsUsed ' +
      'AuthenticationProcessingDetails AuthenticationProtocol AuthenticationRequirement ' +
      'AuthenticationRequirementPolicies AuthenticatorAppLocation AutonomousSystemNumber Category ' +
      'ClientAppUsed ClientCredentialType ConditionalAccessAudiences ConditionalAccessStatus CorrelationId ' +
      'CrossTenantAccessType FederatedCredentialId GlobalSecureAccessIpAddress HomeTenantId HomeTenantName ' +
      'Id Identity IncomingTokenType IPAddress IPAddressFromResourceProvider Level Location ' +
      'NetworkLocationDetails OperationName OperationVersion OriginalRequestId OriginalTransferMethod ' +
      'ProcessingTimeInMilliseconds Resource ResourceDisplayName ResourceGroup ResourceId ResourceIdentity ' +
      'ResourceOwnerTenantId ResourceProvider ResourceServicePrincipalId ResourceTenantId ResultDescription ' +
      'ResultSignature ResultType RiskDetail RiskEventTypes RiskEventTypes_V2 RiskLevel RiskLevelAggregated ' +
      'RiskLevelDuringSignIn RiskState ServicePrincipalId ServicePrincipalName SessionId ' +
      'SessionLifetimePolicies SignInIdentifier SignInIdentifierType SourceAppClientId TokenIssuerName ' +
      'TokenIssuerType UniqueTokenIdentifier UserAgent UserDisplayName UserId UserPrincipalName UserType',
    dynamic:
      'Agent AppliedEventListeners ConditionalAccessPolicies DeviceDetail LocationDetails MfaDetail Status ' +
      'TokenProtectionStatusDetails',
    bool: 'FlaggedForReview IsInteractive IsRisky IsTenantRestricted IsThroughGlobalSecureAccess',
    long: 'DurationMs',
  }),
  table('AADNonInteractiveUserSignInLogs', {
    datetime: 'CreatedDateTime TimeGenerated',
    string:
      'AADTenantId Agent AlternateSignInName AppDisplayName AppId AppOwnerTenantId ' +
      'AuthenticationContextClassReferences AuthenticationDetails AuthenticationMethodsUsed ' +
      'AuthenticationProcessingDetails AuthenticationProtocol AuthenticationRequirement ' +
      'AuthenticationRequirementPolicies AuthenticatorAppLocation AutonomousSystemNumber Category ' +
      'ClientAppUsed ClientCredentialType ClientSessionId ConditionalAccessAudiences ' +
      'ConditionalAccessPolicies ConditionalAccessStatus CorrelationId CrossTenantAccessType DeviceDetail ' +
      'FederatedCredentialId GlobalSecureAccessIpAddress HomeTenantId HomeTenantName Id Identity ' +
      'IncomingTokenType IPAddress Level Location LocationDetails MfaDetail NetworkLocationDetails ' +
      'OperationName OperationVersion OriginalRequestId OriginalTransferMethod ProcessingTimeInMs ' +
      'ResourceDisplayName ResourceGroup ResourceIdentity ResourceOwnerTenantId ResourceServicePrincipalId ' +
      'ResourceTenantId ResultDescription ResultSignature ResultType RiskDetail RiskEventTypes ' +
      'RiskEventTypes_V2 RiskLevelAggregated RiskLevelDuringSignIn RiskState ServicePrincipalId SessionId ' +
      'SessionLifetimePolicies SignInEventTypes SignInIdentifierType Status TokenIssuerName TokenIssuerType ' +
      'TokenProtectionStatusDetails UniqueTokenIdentifier UserAgent UserDisplayName UserId ' +
      'UserPrincipalName UserType',
    dynamic: 'AppliedEventListeners',
    bool: 'IsInteractive IsRisky IsTenantRestricted IsThroughGlobalSecureAccess',
    long: 'DurationMs',
  }),
  // Advanced hunting of Microsoft Defender for Identity and Defender for Cloud Apps, by the Defender XDR connector.
  table('IdentityLogonEvents', {
    datetime: 'TimeGenerated Timestamp',
    string:
      'AccountDisplayName AccountDomain AccountName AccountObjectId AccountSid AccountUpn ActionType Application ' +
      'DestinationDeviceName DestinationIPAddress DeviceName DeviceType FailureReason IPAddress ISP Location ' +
      'LogonType OSPlatform Protocol ReportId TargetAccountDisplayName TargetDeviceName',
    dynamic: 'AdditionalFields',
    int: 'DestinationPort Port',
  }),
  table('AuditLogs', {
    datetime: 'ActivityDateTime TimeGenerated',
    string:
      'AADOperationType AADTenantId ActivityDisplayName Category CorrelationId Id Identity Level Location ' +
      'LoggedByService OperationName OperationVersion Resource ResourceGroup ResourceId ResourceProvider ' +
      'Result ResultDescription ResultReason ResultSignature ResultType',
    dynamic: 'AdditionalDetails InitiatedBy TargetResources',
    long: 'DurationMs',
  }),
  table('AADUserRiskEvents', {
    datetime: 'ActivityDateTime DetectedDateTime LastUpdatedDateTime TimeGenerated',
    string:
      'Activity CorrelationId DetectionTimingType Id IpAddress OperationName RequestId RiskDetail ' +
      'RiskEventType RiskLevel RiskState Source TokenIssuerType UserDisplayName UserId UserPrincipalName',
    dynamic: 'AdditionalInfo Location',
  }),
  table('BehaviorAnalytics', {
    datetime: 'TimeGenerated TimeProcessed',
    string:
      'ActionType ActivityType ActorName ActorPrincipalName DestinationDevice DestinationIPAddress ' +
      'DestinationIPLocation Device EventProductVersion EventSource EventVendor NativeTableName ' +
      'SourceDevice SourceIPAddress SourceIPLocation SourceRecordId TargetName TargetPrincipalName UserName ' +
      'UserPrincipalName',
    dynamic: 'ActivityInsights DevicesInsights UsersInsights',
    int: 'InvestigationPriority',
  }),
  table('IdentityInfo', {
    datetime: 'AccountCreationTime DeletedDateTime LastSeenDate TimeGenerated UserStateChangedOn',
    string:
      'AccountCloudSID AccountDisplayName AccountDomain AccountName AccountObjectId AccountSID ' +
      'AccountTenantId AccountUPN Applications BlastRadius ChangeSource City CompanyName Country Department ' +
      'EmployeeId GivenName JobTitle MailAddress Manager OnPremisesDistinguishedName ' +
      'OnPremisesExtensionAttributes Phone RiskLevel RiskLevelDetails RiskState SAMAccountName State ' +
      'StreetAddress Surname Tags UACFlags UserState UserType',
    dynamic:
      'AdditionalMailAddresses AssignedRoles EntityRiskScore ExtensionProperty GroupMembership ' +
      'RelatedAccounts ServicePrincipals UserAccountControl',
    bool: 'IsAccountEnabled IsMFARegistered IsServiceAccount',
    int: 'InvestigationPriority InvestigationPriorityPercentile',
  }),
  table('UserPeerAnalytics', {
    datetime: 'TimeGenerated',
    string: 'AADTenantId PeerUserId PeerUserName PeerUserPrincipalName UserId UserName UserPrincipalName',
    int: 'Rank',
  }),
  table('Anomalies', {
    datetime: 'EndTime StartTime TimeGenerated',
    string:
      'AnomalyTemplateId AnomalyTemplateName AnomalyTemplateVersion Description DestinationDevice ' +
      'DestinationIpAddress Id RuleConfigVersion RuleId RuleName RuleStatus SourceDevice SourceIpAddress ' +
      'Tactics Techniques UserName UserPrincipalName VendorName WorkspaceId',
    dynamic:
      'ActivityInsights AnomalyDetails AnomalyReasons DestinationLocation DeviceInsights Entities ' +
      'ExtendedLinks ExtendedProperties SourceLocation UserInsights',
    real: 'Score',
  }),
];
