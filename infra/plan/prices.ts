/** List prices that the estimate uses. Data: every figure with its date and where it was published.
 *
 *  US dollars, East US unless said; other regions and agreements differ, so a figure here is a guide and no offer. */

/** One price. */
export interface Price {
  /** US dollars for one unit. */
  readonly usd: number;
  readonly unit: string;
  /** Day of the source (YYYY-MM-DD). */
  readonly date: string;
  readonly source: string;
}

// Azure Retail Prices API (prices.azure.com) as public cost guides of that day report its answers.
const RETAIL = { date: '2026-09-22', source: 'Azure Retail Prices API, East US' } as const;
const RETAIL_STORAGE = { date: '2026-09-27', source: 'Azure Retail Prices API (blobs: hot, LRS)' } as const;
const APPS = { date: '2025-12-09', source: 'learn.microsoft.com/azure/container-apps/billing' } as const;
// Stated by several public repositories; not read from the price list itself.
const ALERTS = { date: '2026-11-21', source: 'azure.microsoft.com/pricing/details/monitor, second hand' } as const;

export const prices = {
  /** Log Analytics and Sentinel in one meter; other regions are between 4.00 and 5.50. */
  analyticsGb: { usd: 4.3, unit: 'GB', ...RETAIL },
  /** The smallest commitment; larger ones are cheaper for each GB. */
  commitment100GbDay: { usd: 296, unit: '100 GB-day', ...RETAIL },
  /** Readable by queries, beyond the days that Sentinel includes. */
  retentionGbMonth: { usd: 0.1, unit: 'GB-month', ...RETAIL },
  /** Kept for searches and restores, beyond the days that queries read. */
  archiveGbMonth: { usd: 0.02, unit: 'GB-month', ...ALERTS },
  vcpuSecond: { usd: 0.000_024, unit: 'vCPU-second', ...APPS },
  gibSecond: { usd: 0.000_003, unit: 'GiB-second', ...APPS },
  registryBasicDay: { usd: 0.1666, unit: 'day', ...RETAIL_STORAGE },
  registryStandardDay: { usd: 0.6666, unit: 'day', ...RETAIL_STORAGE },
  registryPremiumDay: { usd: 1.6666, unit: 'day', ...RETAIL_STORAGE },
  blobGbMonth: { usd: 0.0184, unit: 'GB-month', ...RETAIL_STORAGE },
  blobWrites: { usd: 0.05, unit: '10,000 writes', ...RETAIL_STORAGE },
  blobOthers: { usd: 0.004, unit: '10,000 calls', ...RETAIL_STORAGE },
  privateEndpointHour: {
    usd: 0.01,
    unit: 'hour',
    date: '2026-02-16',
    source: 'azure.microsoft.com/pricing/details/private-link, second hand',
  },
  privateZoneMonth: {
    usd: 0.5,
    unit: 'month',
    date: '2025-08-25',
    source: 'azure.microsoft.com/pricing/details/dns, second hand',
  },
  metricAlertMonth: { usd: 0.1, unit: 'rule-month', ...ALERTS },
  logAlertMinute: { usd: 3, unit: 'rule-month', ...ALERTS },
  logAlert5Minutes: { usd: 1.5, unit: 'rule-month', ...ALERTS },
  logAlert10Minutes: { usd: 1, unit: 'rule-month', ...ALERTS },
  logAlert15Minutes: { usd: 0.5, unit: 'rule-month', ...ALERTS },
} as const satisfies Readonly<Record<string, Price>>;

/** Name of a price. */
export type PriceName = keyof typeof prices;

/** What costs nothing in a month: the free part of Container Apps for each subscription, and what Sentinel includes. */
export const included = {
  vcpuSeconds: 180_000,
  gibSeconds: 360_000,
  retentionDays: 90,
} as const;

/** Types that are free of charge by themselves, or paid for through what flows into them; all of SecurityInsights too. */
export const freeTypes: readonly string[] = [
  'Microsoft.Resources/resourceGroups',
  'Microsoft.OperationalInsights/workspaces',
  'Microsoft.OperationalInsights/workspaces/tables',
  'Microsoft.OperationalInsights/workspaces/savedSearches',
  'Microsoft.Insights/dataCollectionEndpoints',
  'Microsoft.Insights/dataCollectionRules',
  'Microsoft.Insights/diagnosticSettings',
  'Microsoft.Insights/workbooks',
  // The first 1,000 emails of a month.
  'Microsoft.Insights/actionGroups',
  'Microsoft.Insights/privateLinkScopes',
  'Microsoft.Insights/privateLinkScopes/scopedResources',
  'Microsoft.ManagedIdentity/userAssignedIdentities',
  'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials',
  'Microsoft.Authorization/roleAssignments',
  'Microsoft.App/managedEnvironments',
  'Microsoft.Storage/storageAccounts/blobServices',
  'Microsoft.Storage/storageAccounts/blobServices/containers',
  'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies',
  'Microsoft.Storage/storageAccounts/managementPolicies',
  // 0.0001 USD a vCPU-second: cents for each change of the image.
  'Microsoft.ContainerRegistry/registries/tasks',
  'Microsoft.ContainerRegistry/registries/taskRuns',
  'Microsoft.Network/virtualNetworks',
  'Microsoft.Network/virtualNetworks/subnets',
  'Microsoft.Network/networkSecurityGroups',
  'Microsoft.Network/privateEndpoints/privateDnsZoneGroups',
  'Microsoft.Network/privateDnsZones/virtualNetworkLinks',
];

/** Types that `cost.ts` has a line for. */
export const pricedTypes: readonly string[] = [
  'Microsoft.App/containerApps',
  'Microsoft.ContainerRegistry/registries',
  'Microsoft.Storage/storageAccounts',
  'Microsoft.Network/privateEndpoints',
  'Microsoft.Network/privateDnsZones',
  'Microsoft.Insights/metricAlerts',
  'Microsoft.Insights/scheduledQueryRules',
];
