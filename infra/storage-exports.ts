/** Storage accounts that others export audit records to: they exist before, are read, and are never managed. */
import type { Input, Resource } from '@pulumi/pulumi';
import { keyOf } from './names.ts';
import { roleAssignment } from './role-assignment.ts';
import type { StorageExport, Surroundings, Tenant } from './types.ts';

const hostOf = ({ name }: StorageExport, cloud: string): string =>
  `${name}.blob.core.${cloud === 'gcc-high' || cloud === 'dod' ? 'usgovcloudapi.net' : 'windows.net'}`;

/** STORAGE_EXPORT_URL: each account, or the containers of it that are named. */
export function storageExportUrl(exports: readonly StorageExport[], cloud: string): string {
  return exports
    .flatMap((one) => {
      const account = `https://${hostOf(one, cloud)}`;
      return one.containers.length === 0 ? [account] : one.containers.map((container) => `${account}/${container}`);
    })
    .join(',');
}

/** Every account that is read for one of the tenants, once. */
export function exportAccounts(tenants: readonly Tenant[]): readonly StorageExport[] {
  const all = tenants.flatMap(({ storageExports = [] }) => storageExports);
  return [...new Map(all.map((one) => [one.id.toLowerCase(), one])).values()];
}

/**
 * Lets a tenant's identity read blobs of its accounts. Of the whole account, because producers make their containers when
 * they first write.
 */
export function storageExportRoles(
  around: Surroundings,
  { tenant, principalId }: { readonly tenant: Tenant; readonly principalId: Input<string> },
): readonly Resource[] {
  return exportAccounts([tenant]).map(({ id, subscriptionId }) =>
    // The definition of a role has the subscription of its scope in its id.
    roleAssignment(
      { ...around, subscriptionId },
      {
        name: `role-export-${tenant.key}-${keyOf(id)}`,
        role: 'Storage Blob Data Reader',
        scope: id,
        principalId,
        dependsOn: [],
      },
    ),
  );
}
