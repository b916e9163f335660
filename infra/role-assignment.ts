/** Azure roles for the collector's identities. */
import { RoleAssignment } from '@pulumi/azure-native/authorization/index.js';
import type { Input, Resource } from '@pulumi/pulumi';
import type { Surroundings } from './types.ts';

// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
const ROLE_IDS = {
  'Monitoring Metrics Publisher': '3913510d-42f4-4e42-8a64-420c390055eb',
  'Storage Blob Data Reader': '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
  'Storage Blob Data Contributor': 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
  'Key Vault Secrets User': '4633458b-17de-408a-b874-0445c86b69e6',
  AcrPull: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
} as const;

/** A built-in role that the deployment assigns. */
export type Role = keyof typeof ROLE_IDS;

/** Who gets what where. */
export interface RoleGrant {
  /** Logical name; the assignment's own name is a GUID that follows from it. */
  readonly name: string;
  readonly role: Role;
  /** ARM id of what the role holds for. */
  readonly scope: Input<string>;
  /** Object id of the identity's service principal. */
  readonly principalId: Input<string>;
  readonly dependsOn: readonly Resource[];
}

/** Assigns a built-in role to a managed identity. */
export function roleAssignment(around: Surroundings, grant: RoleGrant): RoleAssignment {
  return new RoleAssignment(
    grant.name,
    {
      roleAssignmentName: around.naming.guid(grant.name),
      scope: grant.scope,
      principalId: grant.principalId,
      // Said explicitly, Azure does not look the identity up: right after its creation it would not be found.
      principalType: 'ServicePrincipal',
      roleDefinitionId: `/subscriptions/${around.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${ROLE_IDS[grant.role]}`,
    },
    // Its name stays when the identity or the scope is another, and Azure takes one assignment of a name.
    { dependsOn: [...grant.dependsOn], deleteBeforeReplace: true },
  );
}
