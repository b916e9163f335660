/** What the components of the deployment hand to each other. */
import type { Input, Output, ProviderResource, Resource } from '@pulumi/pulumi';
import type { Table } from '../collector/schema/index.ts';

/** National cloud of Microsoft 365, as the collector's CLOUD. */
export type Cloud = 'commercial' | 'gcc' | 'gcc-high' | 'dod';

/** How the collector proves who it is to a tenant. Secret values are secret outputs and nothing else. */
export type Credential =
  | { readonly kind: 'managed-identity' }
  | { readonly kind: 'secret'; readonly clientId: string; readonly secret: Output<string> }
  /** PEM text with certificate and private key. */
  | { readonly kind: 'certificate'; readonly clientId: string; readonly pem: Output<string> }
  /** The application trusts tokens of the collector's managed identity; without an id the program registers one. */
  | { readonly kind: 'federated'; readonly clientId: string | undefined };

/** What a collector reads of a tenant: it decides the permissions. */
export interface Reading {
  /** Names of collector sources, at least one. */
  readonly sources: readonly string[];
  /** Names of enrichers; an empty list: nothing is looked up. */
  readonly enrich: readonly string[];
  /** Application permissions that a source or enricher can do without, and that are wanted all the same. */
  readonly optionalPermissions: readonly string[];
  /** Service plans (GUIDs) that make a user licensed; absent here and below: the collector's default. */
  readonly licensePlanIds: readonly string[] | undefined;
  /** Names of further such plans, `*` for any text. */
  readonly licensePlanNames: readonly string[] | undefined;
  /** Periods of usage reports. */
  readonly usagePeriods: readonly string[] | undefined;
  /** Where exports of audit records lie; absent without the source. */
  readonly storageExports?: readonly StorageExport[] | undefined;
}

/** One Microsoft 365 tenant to collect from. */
export interface Tenant extends Reading {
  /** GUID, lower case. */
  readonly id: string;
  /** 8 hex digits that follow from the id: part of physical names. */
  readonly key: string;
  /** What people call it; default: the id. */
  readonly name: string;
  readonly credential: Credential;
  /** Its own workspace; absent: the deployment's. */
  readonly workspace: WorkspaceId | undefined;
  /** How raw copies of its records are kept; absent: none are. */
  readonly archive?: ArchivePlan | undefined;
  /** Tokens in place of people; absent: names are kept. */
  readonly pseudonymize?: PseudonymPlan | undefined;
}

/** What is replaced by tokens, and where their key lies. */
export interface PseudonymPlan {
  readonly what: readonly string[];
  /** False where the workspace logs its queries already: Azure takes one diagnostic setting for a category and place. */
  readonly logQueries: boolean;
  readonly key: VaultSecret;
}

/** A secret of a key vault: it exists before and is never managed, nor its value read by this program. */
export interface VaultSecret {
  /** ARM resource id. */
  readonly id: string;
  readonly subscriptionId: string;
  readonly vaultName: string;
  readonly secretName: string;
}

/** How long raw copies are closed to changes, and when they are deleted. */
export interface ArchivePlan {
  /** Days for which nobody can change or delete a copy; absent: no policy. */
  readonly immutableDays?: number | undefined;
  /** Absent: copies stay. */
  readonly deleteAfterDays?: number | undefined;
}

/** A storage account that somebody else exports to. */
export interface StorageExport {
  /** ARM resource id. */
  readonly id: string;
  readonly subscriptionId: string;
  readonly name: string;
  /** Containers to read; empty: those that the known producers write to. */
  readonly containers: readonly string[];
}

/** A workspace's ARM resource id, taken apart. */
export interface WorkspaceId {
  readonly id: string;
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  readonly name: string;
}

/** Changes to one rule without touching its file. Absent: as the file says. */
export interface RuleOverride {
  readonly enabled?: boolean | undefined;
  readonly threshold?: number | undefined;
  /** ISO 8601 duration, from PT5M to P14D. */
  readonly frequency?: string | undefined;
  readonly severity?: 'High' | 'Medium' | 'Low' | 'Informational' | undefined;
}

/** The deployment's configuration, checked whole. */
export interface Configuration {
  /** Prefix of resource names. */
  readonly name: string;
  /** Azure region; absent only with an adopted workspace, whose region is taken. */
  readonly location: string | undefined;
  /** Azure environment as azure-native names it. */
  readonly environment: 'public' | 'usgovernment';
  readonly workspace:
    | { readonly mode: 'adopted'; readonly id: WorkspaceId }
    | {
        readonly mode: 'new';
        readonly sku: 'PerGB2018' | 'CapacityReservation';
        /** GB a day; with CapacityReservation only. */
        readonly capacityGb: number | undefined;
        readonly retentionInDays: number;
        /** GB a day after which ingestion stops until the next day; absent: no cap. */
        readonly dailyCapGb: number | undefined;
      };
  readonly tables: {
    /** Days that analytics can read; -1: as the workspace. */
    readonly retentionInDays: number;
    /** Days until a row is gone, archive included; -1: as `retentionInDays`. */
    readonly totalRetentionInDays: number;
  };
  readonly cloud: Cloud;
  readonly tenants: readonly Tenant[];
  readonly entraMode: 'assign' | 'manual';
  readonly network: 'public' | 'private';
  /** Image pinned by digest; absent: built in the cloud. */
  readonly imageRef: string | undefined;
  readonly rules: {
    readonly isEnabled: boolean;
    /** By rule file name without `.yaml`. */
    readonly overrides: Readonly<Record<string, RuleOverride>>;
  };
  /** Receives alerts about the collector; absent: no alerts. */
  readonly alertsEmail: string | undefined;
  /** True: `pulumi destroy` removes data as well. */
  readonly deleteData: boolean;
  readonly contentFields: 'drop' | 'keep';
  readonly pollSeconds: number;
}

/** Physical names: deterministic, explicit, within Azure's limits. */
export interface Naming {
  /** `<kind>-<prefix>-<stack>[-<part>]`, for names that are unique within a group: at most 32 characters when kind
   *  has 3 or fewer and part (a tenant's key) 8 or fewer. */
  readonly of: (kind: string, part?: string) => string;
  /** Lower-case letters and digits, at most 24, unique in all of Azure: storage accounts and registries. */
  readonly global: (kind: string) => string;
  /** A stable GUID for this deployment (subscription, prefix, stack) and text: role assignments. */
  readonly guid: (text: string) => string;
}

/** What every component needs to register a resource. */
export interface Surroundings {
  readonly naming: Naming;
  readonly configuration: Configuration;
  readonly resourceGroupName: Input<string>;
  /** Region of everything but what must lie in a workspace's own region. */
  readonly location: Input<string>;
  readonly subscriptionId: string;
  /** Tenant of the Azure resources (GUID). */
  readonly azureTenantId: string;
  readonly tags: Readonly<Record<string, string>>;
  /** `protect` and `retainOnDelete` for what holds data; both false with deleteData. Spread into resource options. */
  readonly keep: { readonly protect: boolean; readonly retainOnDelete: boolean };
}

/** A workspace with Sentinel, new or adopted. */
export interface WorkspaceHandle {
  readonly mode: 'new' | 'adopted';
  /** Appended to logical names: empty for the deployment's own workspace, `-<8 hex>` for a tenant's. */
  readonly suffix: string;
  /** ARM resource id. */
  readonly id: Output<string>;
  readonly name: Output<string>;
  readonly resourceGroupName: Output<string>;
  /** Workspace id of queries (GUID). */
  readonly customerId: Output<string>;
  readonly location: Output<string>;
  readonly subscriptionId: string;
  /** What every table and everything of Sentinel depends on: the onboarding state; empty when adopted. */
  readonly ready: readonly Resource[];
  /** Set when the workspace lies in another subscription: pass it to every resource in the workspace. */
  readonly provider: ProviderResource | undefined;
}

/** The tables of one workspace, in the order of `collector/schema`. */
export interface TablesHandle {
  readonly resources: readonly Resource[];
  readonly definitions: readonly Table[];
}

/** Where rows of one workspace go. */
export interface IngestionHandle {
  /** ARM id of the data collection endpoint. */
  readonly dceId: Output<string>;
  /** Origin of the data collection endpoint. */
  readonly endpoint: Output<string>;
  /** One for each tenant that writes here. */
  readonly rules: readonly RuleHandle[];
  /** The endpoint, for `dependsOn`. */
  readonly resources: readonly Resource[];
}

/** The data collection rule of one tenant. */
export interface RuleHandle {
  readonly tenant: Tenant;
  /** ARM id. */
  readonly id: Output<string>;
  /** `dcr-` and 32 hex digits. */
  readonly immutableId: Output<string>;
  /** Rule and endpoint, for `dependsOn`. */
  readonly resources: readonly Resource[];
}

/** Storage of the collectors' state. */
export interface StateHandle {
  readonly accountName: Output<string>;
  readonly accountId: Output<string>;
  /** Origin without a trailing slash. */
  readonly blobEndpoint: Output<string>;
  /** STATE_URL of a tenant. */
  readonly containerUrl: (tenant: Tenant) => Output<string>;
  /** ARM id of a tenant's container: scope of its role assignment. */
  readonly containerId: (tenant: Tenant) => Output<string>;
  /** Account, containers and private endpoint, for `dependsOn`. */
  readonly resources: readonly Resource[];
}

/** A virtual network for `network=private`. */
export interface NetworkHandle {
  /** Delegated to Microsoft.App/environments: the container apps environment needs the workload profile Consumption. */
  readonly appsSubnetId: Output<string>;
  readonly endpointsSubnetId: Output<string>;
  /** For `dependsOn`. */
  readonly resources: readonly Resource[];
}
