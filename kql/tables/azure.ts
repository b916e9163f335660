/** Tables of Azure and of the workspace itself. Columns: Azure Monitor table reference, 2026. */
import { table } from './table.ts';

export const azureTables = [
  table('AzureActivity', {
    datetime: 'EventSubmissionTimestamp TimeGenerated',
    string:
      'ActivityStatus ActivityStatusValue ActivitySubstatus ActivitySubstatusValue Authorization Caller ' +
      'CallerIpAddress Category CategoryValue Claims CorrelationId EventDataId Hierarchy HTTPRequest Level ' +
      'OperationId OperationName OperationNameValue Properties Resource ResourceGroup ResourceId ' +
      'ResourceProvider ResourceProviderValue SubscriptionId',
    dynamic: 'Authorization_d Claims_d Properties_d',
  }),
  table('Heartbeat', {
    datetime: 'TimeGenerated',
    string:
      'Category Computer ComputerEnvironment ComputerIP ManagementGroupName OSMajorVersion OSMinorVersion ' +
      'OSName OSType RemoteIPCountry Resource ResourceGroup ResourceId ResourceProvider ResourceType ' +
      'SCAgentChannel Solutions SubscriptionId Version VMUUID',
    dynamic: 'ComputerPrivateIPs',
    bool: 'IsGatewayInstalled',
    real: 'RemoteIPLatitude RemoteIPLongitude',
  }),
  table('Usage', {
    datetime: 'EndTime StartTime TimeGenerated',
    string: 'Computer DataType LinkedMeterId LinkedResourceUri MeterId Plan QuantityUnit ResourceUri Solution',
    bool: 'IsBillable',
    long: 'BatchesCapped BatchesOutsideSla BatchesWithinSla TotalBatches',
    real: 'AvgLatencyInSeconds Quantity',
  }),
  table('Operation', {
    datetime: 'TimeGenerated',
    string:
      'Computer CorrelationId Detail ErrorId HelpLink ManagementGroupName OperationCategory OperationKey ' +
      'OperationStatus Solution SourceComputerId',
  }),
  table('LAQueryLogs', {
    datetime: 'QueryTimeRangeEnd QueryTimeRangeStart StatsDataProcessedEnd StatsDataProcessedStart TimeGenerated',
    string:
      'AADClientId AADEmail AADObjectId AADTenantId ConditionalDataAccess CorrelationId QueryText ' +
      'QueryThumbprint RecordKind RequestClientApp RequestTarget WorkspaceRegion',
    dynamic: 'RequestContext RequestContextFilters',
    bool: 'IsBillableQuery IsWorkspaceInFailover',
    int: 'ResponseCode ResponseRowCount StatsRegionCount StatsWorkspaceCount',
    real: 'ResponseDurationMs ScannedGB StatsCPUTimeMs',
  }),
  table('LASummaryLogs', {
    datetime: 'BinStartTime RuleLastModifiedTime TimeGenerated',
    string: 'Message RuleName Status',
    int: 'BinSize',
    long: 'QueryDurationMs ResultsRecordCount',
  }),
  table('DCRLogErrors', {
    datetime: 'TimeGenerated',
    string: 'ClientRequestId CorrelationId InputStreamId Message OperationName',
  }),
];
