/** What pseudonymisation of a tenant needs in Azure: the key out of a vault, and a log of who asks who is behind tokens. */
import { DiagnosticSetting } from '@pulumi/azure-native/monitor/index.js';
import type { Input, Resource } from '@pulumi/pulumi';
import { roleAssignment } from './role-assignment.ts';
import type { Cloud, PseudonymPlan, Surroundings, Tenant, WorkspaceHandle } from './types.ts';
import { inWorkspace } from './workspace.ts';

/** Name of the container app's secret that refers to the vault. */
export const PSEUDONYM_SECRET = 'pseudonym-key';

/** Address of the key's secret, of its newest version: the platform starts the app again when there is a newer one. */
export function keySecretUrl({ key }: PseudonymPlan, cloud: Cloud): string {
  const zone = cloud === 'gcc-high' || cloud === 'dod' ? 'vault.usgovcloudapi.net' : 'vault.azure.net';
  return `https://${key.vaultName}.${zone}/secrets/${key.secretName}`;
}

/** Lets a tenant's identity read this one secret of the vault, which was there before and is never managed. */
export function pseudonymKeyRoles(
  around: Surroundings,
  { tenant, principalId }: { readonly tenant: Tenant; readonly principalId: Input<string> },
): readonly Resource[] {
  const { pseudonymize } = tenant;
  if (pseudonymize === undefined) return [];
  const { id, subscriptionId } = pseudonymize.key;
  return [
    roleAssignment(
      // The definition of a role has the subscription of its scope in its id.
      { ...around, subscriptionId },
      {
        name: `role-pseudonym-key-${tenant.key}`,
        role: 'Key Vault Secrets User',
        scope: id,
        principalId,
        dependsOn: [],
      },
    ),
  ];
}

/** Logs every query of a workspace into LAQueryLogs, where one of these tenants is pseudonymised and wants it. */
export function queryAudit(workspace: WorkspaceHandle, tenants: readonly Tenant[]): readonly Resource[] {
  if (!tenants.some(({ pseudonymize }) => pseudonymize?.logQueries)) return [];
  return [
    new DiagnosticSetting(
      `query-audit${workspace.suffix}`,
      {
        name: 'copilot-query-audit',
        resourceUri: workspace.id,
        workspaceId: workspace.id,
        logs: [{ category: 'Audit', enabled: true }],
      },
      inWorkspace(workspace),
    ),
  ];
}
