/** The identity that a tenant's collector runs as. */
import { UserAssignedIdentity } from '@pulumi/azure-native/managedidentity/index.js';
import type { Output } from '@pulumi/pulumi';
import type { Surroundings, Tenant } from './types.ts';

/** A user-assigned managed identity. */
export interface IdentityHandle {
  readonly resource: UserAssignedIdentity;
  /** ARM resource id. */
  readonly id: Output<string>;
  /** For AZURE_CLIENT_ID (GUID). */
  readonly clientId: Output<string>;
  /** Object id of its service principal (GUID): whom roles are assigned to. */
  readonly principalId: Output<string>;
}

/** One identity for each tenant: what one collector may read, another may not. */
export function collectorIdentity(around: Surroundings, tenant: Tenant): IdentityHandle {
  const resource = new UserAssignedIdentity(`identity-${tenant.key}`, {
    resourceGroupName: around.resourceGroupName,
    resourceName: around.naming.of('id', tenant.key),
    location: around.location,
    tags: around.tags,
  });
  return { resource, id: resource.id, clientId: resource.clientId, principalId: resource.principalId };
}
