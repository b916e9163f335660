/** How Pulumi's resource types map to Azure's: type, where it hangs, and what stays outside of `properties`. Data. */

/** One resource type. */
export interface ArmType {
  readonly type: string;
  /** Inputs that are the segments of its name, outermost first. */
  readonly path: readonly string[];
  /** What the id starts with: the resource group, the workspace named in the inputs, the subscription, or an input. */
  readonly under: 'group' | 'workspace' | 'subscription' | { readonly input: string };
  /** Names that Azure fixes for segments of `path` that are no inputs. */
  readonly fixed?: Readonly<Record<string, string>>;
  /** Inputs beside `properties` in the body, where these are not the usual ones. */
  readonly root?: readonly string[];
  /** Inputs that azure-native calls otherwise than Azure. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** The body has no `properties`. */
  readonly isFlat?: true;
}

/** Inputs that azure-native leaves beside `properties` (Azure's common resource envelope). */
export const ENVELOPE: readonly string[] = [
  'location',
  'tags',
  'identity',
  'sku',
  'kind',
  'etag',
  'zones',
  'plan',
  'extendedLocation',
  'managedBy',
];

const group = (type: string, ...path: readonly string[]): ArmType => ({ type, path, under: 'group' });
const sentinel = (type: string, name: string, ...more: readonly string[]): ArmType => ({
  type: `Microsoft.SecurityInsights/${type}`,
  path: [name, ...more],
  under: 'workspace',
});

/** By Pulumi type without the `azure-native:` in front. */
export const armTypes: Readonly<Record<string, ArmType>> = {
  'resources:ResourceGroup': {
    type: 'Microsoft.Resources/resourceGroups',
    path: ['resourceGroupName'],
    under: 'subscription',
    isFlat: true,
  },
  'resources:Deployment': group('Microsoft.Resources/deployments', 'deploymentName'),
  'operationalinsights:Workspace': {
    ...group('Microsoft.OperationalInsights/workspaces', 'workspaceName'),
    root: ['location', 'tags', 'identity', 'etag'],
  },
  'operationalinsights:Table': {
    ...group('Microsoft.OperationalInsights/workspaces/tables', 'workspaceName', 'tableName'),
    root: [],
  },
  'operationalinsights:SavedSearch': {
    ...group('Microsoft.OperationalInsights/workspaces/savedSearches', 'workspaceName', 'savedSearchId'),
    root: ['etag'],
  },
  'operationalinsights:DataExport': group(
    'Microsoft.OperationalInsights/workspaces/dataExports',
    'workspaceName',
    'dataExportName',
  ),
  'securityinsights:SentinelOnboardingState': sentinel('onboardingStates', 'sentinelOnboardingStateName'),
  'securityinsights:ScheduledAlertRule': sentinel('alertRules', 'ruleId'),
  'securityinsights:Watchlist': sentinel('watchlists', 'watchlistAlias'),
  'securityinsights:WatchlistItem': sentinel('watchlists/watchlistItems', 'watchlistAlias', 'watchlistItemId'),
  'securityinsights:CustomizableConnectorDefinition': sentinel(
    'dataConnectorDefinitions',
    'dataConnectorDefinitionName',
  ),
  'securityinsights:Metadata': sentinel('metadata', 'metadataName'),
  'monitor:DataCollectionEndpoint': group('Microsoft.Insights/dataCollectionEndpoints', 'dataCollectionEndpointName'),
  'monitor:DataCollectionRule': group('Microsoft.Insights/dataCollectionRules', 'dataCollectionRuleName'),
  'monitor:DiagnosticSetting': {
    type: 'Microsoft.Insights/diagnosticSettings',
    path: ['name'],
    under: { input: 'resourceUri' },
  },
  'monitor:ActionGroup': group('Microsoft.Insights/actionGroups', 'actionGroupName'),
  'monitor:MetricAlert': group('Microsoft.Insights/metricAlerts', 'ruleName'),
  'monitor:ScheduledQueryRule': group('Microsoft.Insights/scheduledQueryRules', 'ruleName'),
  'monitor:PrivateLinkScope': group('Microsoft.Insights/privateLinkScopes', 'scopeName'),
  'monitor:PrivateLinkScopedResource': group(
    'Microsoft.Insights/privateLinkScopes/scopedResources',
    'scopeName',
    'name',
  ),
  'applicationinsights:Workbook': group('Microsoft.Insights/workbooks', 'resourceName'),
  'managedidentity:UserAssignedIdentity': group('Microsoft.ManagedIdentity/userAssignedIdentities', 'resourceName'),
  'managedidentity:FederatedIdentityCredential': group(
    'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials',
    'resourceName',
    'federatedIdentityCredentialResourceName',
  ),
  'authorization:RoleAssignment': {
    type: 'Microsoft.Authorization/roleAssignments',
    path: ['roleAssignmentName'],
    under: { input: 'scope' },
  },
  'app:ManagedEnvironment': group('Microsoft.App/managedEnvironments', 'environmentName'),
  'app:ContainerApp': group('Microsoft.App/containerApps', 'containerAppName'),
  'storage:StorageAccount': {
    ...group('Microsoft.Storage/storageAccounts', 'accountName'),
    // x-ms-client-name in Azure's specification of 2024-01-01.
    renamed: { enableHttpsTrafficOnly: 'supportsHttpsTrafficOnly', networkRuleSet: 'networkAcls' },
  },
  'storage:BlobServiceProperties': group(
    'Microsoft.Storage/storageAccounts/blobServices',
    'accountName',
    'blobServicesName',
  ),
  'storage:BlobContainer': {
    ...group(
      'Microsoft.Storage/storageAccounts/blobServices/containers',
      'accountName',
      'blobServicesName',
      'containerName',
    ),
    fixed: { blobServicesName: 'default' },
  },
  'storage:BlobContainerImmutabilityPolicy': {
    ...group(
      'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies',
      'accountName',
      'blobServicesName',
      'containerName',
      'immutabilityPolicyName',
    ),
    fixed: { blobServicesName: 'default' },
  },
  'storage:ManagementPolicy': group(
    'Microsoft.Storage/storageAccounts/managementPolicies',
    'accountName',
    'managementPolicyName',
  ),
  'containerregistry:Registry': group('Microsoft.ContainerRegistry/registries', 'registryName'),
  'containerregistry:Task': group('Microsoft.ContainerRegistry/registries/tasks', 'registryName', 'taskName'),
  'containerregistry:TaskRun': group('Microsoft.ContainerRegistry/registries/taskRuns', 'registryName', 'taskRunName'),
  'keyvault:Vault': group('Microsoft.KeyVault/vaults', 'vaultName'),
  'keyvault:Secret': group('Microsoft.KeyVault/vaults/secrets', 'vaultName', 'secretName'),
  'network:VirtualNetwork': group('Microsoft.Network/virtualNetworks', 'virtualNetworkName'),
  'network:Subnet': group('Microsoft.Network/virtualNetworks/subnets', 'virtualNetworkName', 'subnetName'),
  'network:NetworkSecurityGroup': group('Microsoft.Network/networkSecurityGroups', 'networkSecurityGroupName'),
  'network:PrivateEndpoint': group('Microsoft.Network/privateEndpoints', 'privateEndpointName'),
  'network:PrivateDnsZoneGroup': group(
    'Microsoft.Network/privateEndpoints/privateDnsZoneGroups',
    'privateEndpointName',
    'privateDnsZoneGroupName',
  ),
  'privatedns:PrivateZone': group('Microsoft.Network/privateDnsZones', 'privateZoneName'),
  'privatedns:VirtualNetworkLink': group(
    'Microsoft.Network/privateDnsZones/virtualNetworkLinks',
    'privateZoneName',
    'virtualNetworkLinkName',
  ),
};

/** The mapping of a Pulumi type; undefined for what Azure's resource manager does not keep (Entra, providers, blobs). */
export function armTypeOf(pulumiType: string): ArmType | undefined {
  return pulumiType.startsWith('azure-native:') ? armTypes[pulumiType.slice('azure-native:'.length)] : undefined;
}
