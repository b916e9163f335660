/** Where the collectors keep their position and what they have seen: one storage account, one container per tenant. */
import { BlobContainer, BlobServiceProperties, StorageAccount } from '@pulumi/azure-native/storage/index.js';
import { type Input, interpolate, type Resource } from '@pulumi/pulumi';
import { roleAssignment } from './role-assignment.ts';
import type { StateHandle, Surroundings, Tenant } from './types.ts';

// The feed keeps content for 7 days: state that was lost earlier than that could be collected anew.
const RECOVERY_DAYS = 7;

const containerName = (tenant: Tenant): string => `tenant-${tenant.id}`;

/** The account and a container for each tenant; Entra tokens only. */
export function stateStorage(around: Surroundings): StateHandle {
  const { resourceGroupName, keep, configuration } = around;
  const isPrivate = configuration.network === 'private';
  const account = new StorageAccount(
    'state',
    {
      resourceGroupName,
      accountName: around.naming.global('st'),
      location: around.location,
      kind: 'StorageV2',
      // Locally redundant: a lost position repeats at most what the feed still has, and functions drop repeats.
      sku: { name: 'Standard_LRS' },
      accessTier: 'Hot',
      allowSharedKeyAccess: false,
      defaultToOAuthAuthentication: true,
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      isLocalUserEnabled: false,
      minimumTlsVersion: 'TLS1_2',
      enableHttpsTrafficOnly: true,
      publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled',
      networkRuleSet: { defaultAction: isPrivate ? 'Deny' : 'Allow', bypass: 'None' },
      tags: around.tags,
    },
    keep,
  );
  const service = new BlobServiceProperties(
    'state-recovery',
    {
      resourceGroupName,
      accountName: account.name,
      blobServicesName: 'default',
      deleteRetentionPolicy: { enabled: true, days: RECOVERY_DAYS },
      containerDeleteRetentionPolicy: { enabled: true, days: RECOVERY_DAYS },
      // The checkpoint is rewritten every few seconds and soft delete keeps what was overwritten: versions would be
      // a second, unbounded copy of each.
      isVersioningEnabled: false,
    },
    { ...keep, dependsOn: [account] },
  );
  const containers = configuration.tenants.map(
    (tenant) =>
      new BlobContainer(
        `state-${tenant.id}`,
        {
          resourceGroupName,
          accountName: account.name,
          containerName: containerName(tenant),
          publicAccess: 'None',
        },
        // Not protected: removing a tenant would stop `pulumi up` otherwise. The container stays in Azure.
        { retainOnDelete: keep.retainOnDelete, dependsOn: [account, service] },
      ),
  );
  const blobEndpoint = account.primaryEndpoints.apply(({ blob }) => blob.replace(/\/$/, ''));
  return {
    accountName: account.name,
    accountId: account.id,
    blobEndpoint,
    containerUrl: (tenant) => interpolate`${blobEndpoint}/${containerName(tenant)}`,
    containerId: (tenant) => interpolate`${account.id}/blobServices/default/containers/${containerName(tenant)}`,
    resources: [account, service, ...containers],
  };
}

/** Lets a tenant's identity read and write its own container, and no other. */
export function stateRole(
  around: Surroundings,
  {
    tenant,
    state,
    principalId,
  }: { readonly tenant: Tenant; readonly state: StateHandle; readonly principalId: Input<string> },
): Resource {
  return roleAssignment(around, {
    name: `role-state-${tenant.key}`,
    role: 'Storage Blob Data Contributor',
    scope: state.containerId(tenant),
    principalId,
    dependsOn: state.resources,
  });
}
