/** Every key of the deployment's configuration: type, default, meaning. `Pulumi.yaml` says the same, and a test holds
 *  both together. */

/** One configuration key. */
export interface ConfigurationKey {
  /** Type in Pulumi.yaml; absent for lists and maps of objects, which Pulumi has no type for. */
  readonly type?: 'string' | 'integer' | 'boolean';
  /** Every key has one: Pulumi asks for a value of any key without. Empty text, list, map and 0 mean "not set". */
  readonly default: string | number | boolean | readonly never[] | Readonly<Record<string, never>>;
  readonly description: string;
  readonly isSecret?: true;
}

export const configurationKeys = {
  name: {
    type: 'string',
    default: 'copilot',
    description: 'Prefix of resource names: 2 to 10 lower-case letters, digits and hyphens, a letter first',
  },
  'workspace.resourceId': {
    type: 'string',
    default: '',
    description:
      'Resource id of an existing Log Analytics workspace with Sentinel: read, never managed. Empty: a new one',
  },
  'workspace.sku': {
    type: 'string',
    default: 'PerGB2018',
    description: 'Price of a new workspace: PerGB2018 (by volume) or CapacityReservation (a commitment)',
  },
  'workspace.capacityGb': {
    type: 'integer',
    default: 0,
    description:
      'Committed GB a day with CapacityReservation: 100, 200, 300, 400, 500, 1000, 2000 or 5000; 0 otherwise',
  },
  'workspace.retentionInDays': {
    type: 'integer',
    default: 90,
    description: 'Days that a new workspace keeps rows, 30 to 730; Sentinel includes 90 in its price',
  },
  'workspace.dailyCapGb': {
    type: 'integer',
    default: 0,
    description: 'GB a day after which a new workspace takes no more rows until the next day; 0: no cap',
  },
  'tables.retentionInDays': {
    type: 'integer',
    default: -1,
    description: "Days that rules and queries see in the product's tables, 4 to 730; -1: as the workspace",
  },
  'tables.totalRetentionInDays': {
    type: 'integer',
    default: -1,
    description:
      'Days until a row is gone, archive included: 4 to 730, 1095, 1460, 1826, 2191, 2556, 2922, 3288, 3653, 4018 or 4383; -1: as tables.retentionInDays',
  },
  cloud: {
    type: 'string',
    default: 'commercial',
    description: 'National cloud of Microsoft 365: commercial, gcc, gcc-high or dod',
  },
  tenants: {
    default: [],
    description:
      'Tenants to collect from, each {id, name, sources, enrich, optionalPermissions, licensePlanIds, licensePlanNames, usagePeriods, storageExports, credential, clientId, workspaceResourceId, archive, pseudonymize}; credential is managed-identity, secret, certificate or federated (without clientId an application is registered). Empty: the tenant of the subscription, with a managed identity',
  },
  clientSecrets: {
    default: {},
    description:
      'By tenant id: the client secret, or the PEM of certificate and private key, of tenants whose credential is secret or certificate. Set it with --secret --path',
    isSecret: true,
  },
  'entra.mode': {
    type: 'string',
    default: 'assign',
    description: 'assign: grant the application permissions; manual: output the calls that an admin must run',
  },
  network: {
    type: 'string',
    default: 'public',
    description: 'public, or private: a virtual network and private endpoints for state and rows; costs more',
  },
  'image.ref': {
    type: 'string',
    default: '',
    description:
      'Image of the collector, pinned by digest (name@sha256:...). Empty: built in the cloud from this folder',
  },
  'content.rules': {
    default: {},
    description: 'Changes to rules by file name without .yaml, each {enabled, threshold, frequency, severity}',
  },
  'content.rulesEnabled': {
    type: 'boolean',
    default: true,
    description: 'false: rules are deployed disabled unless content.rules enables them',
  },
  'alerts.email': {
    type: 'string',
    default: '',
    description: 'Receives alerts about the collector itself. Empty: no alerts',
  },
  deleteData: {
    type: 'boolean',
    default: false,
    description: 'true: pulumi destroy removes workspace, tables and state as well. Run pulumi up with it first',
  },
  contentFields: {
    type: 'string',
    default: 'drop',
    description: 'What becomes of prompt text and unknown text-like fields: drop or keep',
  },
  pollSeconds: {
    type: 'integer',
    default: 300,
    description: 'Pause between two passes of a collector, 1 to 86400 seconds',
  },
} as const satisfies Readonly<Record<string, ConfigurationKey>>;

/** Name of a configuration key, without the project's namespace. */
export type ConfigurationKeyName = keyof typeof configurationKeys;
