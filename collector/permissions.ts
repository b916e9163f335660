/** Every permission the collector can use: what needs it, what it buys, and what is lost without it. Data. */

/** One application permission. */
export interface Permission {
  /** Value of the app role. */
  readonly role: string;
  /** Display name and appId of the API that grants it. */
  readonly api: string;
  readonly apiAppId: string;
  /** Source or enricher that needs it, by its configuration name. */
  readonly neededBy: string;
  /** True where it works without, with less: the permission is not asked for unless an operator wants what it buys. */
  readonly isOptional?: true;
  readonly buys: string;
  readonly withoutIt: string;
}

const office365 = {
  api: 'Office 365 Management APIs',
  apiAppId: 'c5393580-f805-4401-95e8-94b7a6ef2fc2',
} as const;
const graph = { api: 'Microsoft Graph', apiAppId: '00000003-0000-0000-c000-000000000000' } as const;

export const permissions: readonly Permission[] = [
  {
    role: 'ActivityFeed.Read',
    ...office365,
    neededBy: 'activity-feed',
    buys: 'the audit records themselves',
    withoutIt: 'no audit records are collected',
  },
  {
    role: 'AuditLogsQuery.Read.All',
    ...graph,
    neededBy: 'audit-query',
    buys: 'audit records of the past, as far back as Microsoft Purview keeps them: backfill, and a second view of each day',
    withoutIt: 'nothing older than the 7 days of the activity feed can be had, but by export and import',
  },
  {
    role: 'Reports.Read.All',
    ...graph,
    neededBy: 'usage-report',
    buys: 'the Copilot usage reports: licensed users and their last activity, users by product and day',
    withoutIt: 'CopilotUsage_CL stays empty; CopilotLicenses knows no idle licence',
  },
  {
    role: 'User.Read.All',
    ...graph,
    neededBy: 'users',
    buys: 'department, job title, country, office, manager, guest, account enabled and Copilot licence of the actor',
    withoutIt: 'those columns are null; whether credits are billed is known only where the record says LicenseType',
  },
  {
    role: 'LicenseAssignment.Read.All',
    ...graph,
    neededBy: 'users',
    isOptional: true,
    buys: 'LICENSE_PLAN_NAMES: service plans found by name',
    withoutIt: 'whether users without one of LICENSE_PLAN_IDS are licensed is not known',
  },
  {
    role: 'SensitivityLabels.Read.All',
    ...graph,
    neededBy: 'labels',
    buys: 'names and priorities of sensitivity labels, and so the highest label of an event',
    withoutIt: 'labels are ids; the highest of several is not known',
  },
  {
    role: 'InformationProtectionPolicy.Read.All',
    ...graph,
    neededBy: 'labels',
    isOptional: true,
    buys: 'the older list of labels (beta), which is asked where the newer one is not offered',
    withoutIt: 'the newer list alone tells names and priorities',
  },
  {
    role: 'CopilotPackages.Read.All',
    ...graph,
    neededBy: 'agents',
    buys: 'publisher, type, platform, sharing and blocked state of agents, and agents that nobody has used yet',
    withoutIt: 'agents are what the records say of them',
  },
  {
    role: 'Sites.Read.All',
    ...graph,
    neededBy: 'files',
    buys: 'size and last change of files; it lets the collector read every file, so it is off unless ENRICH names files',
    withoutIt: 'name, extension, site and OneDrive account come from the address alone',
  },
  {
    role: 'Chat.ReadBasic.All',
    ...graph,
    neededBy: 'meetings',
    buys: 'name, time and organiser of meetings',
    withoutIt: 'meetings are thread ids',
  },
  {
    role: 'OnlineMeetings.Read.All',
    ...graph,
    neededBy: 'meetings',
    isOptional: true,
    buys: 'meetings whose chat cannot be read; it also needs an application access policy of Teams',
    withoutIt: 'meetings without a readable chat stay thread ids',
  },
];

/** A role on Azure resources, of the identity that works in Azure. */
export interface AzureRole {
  readonly role: string;
  /** Source by its configuration name, or the setting that names the resource. */
  readonly neededBy: string;
  readonly on: string;
  readonly buys: string;
  readonly withoutIt: string;
}

export const azureRoles: readonly AzureRole[] = [
  {
    role: 'Monitoring Metrics Publisher',
    neededBy: 'INGESTION_URL',
    on: 'the data collection rule',
    buys: 'rows in Log Analytics',
    withoutIt: 'nothing is written, and nothing moves on',
  },
  {
    role: 'Storage Blob Data Contributor',
    neededBy: 'STATE_URL',
    on: "the state's container",
    buys: 'the state in Azure',
    withoutIt: 'the collector cannot start there; with a directory it needs no role',
  },
  {
    role: 'Storage Blob Data Reader',
    neededBy: 'storage-export',
    on: 'the storage account of the exports, or their containers',
    buys: 'audit records that are exported to a storage account already',
    withoutIt: 'blobs may be listed and not read: the pass ends early and names the role',
  },
];
