/** The application that a collector reads another tenant as: registered here, consented to there. */
import { Application } from '@pulumi/azuread/application.js';
import type { Output } from '@pulumi/pulumi';
import { type Directory, isRegisteredHere, knownRole, permissionsFor } from './directory.ts';
import type { Surroundings, Tenant } from './types.ts';

/** An application in the tenant of the Azure resources. */
export interface ApplicationHandle {
  /** For SOURCE_CLIENT_ID (GUID). */
  readonly clientId: Output<string>;
  /** Id that the provider knows it by. */
  readonly id: Output<string>;
}

// Where the browser goes after consent; an application without an address of its own cannot be consented to by link.
export const AFTER_CONSENT = 'https://portal.azure.com/';

/**
 * An application of a tenant's own: it asks for what this tenant's collector uses, and trusts this collector's identity.
 * One application for all would let the collector of each customer sign in to every other that has consented.
 */
export function tenantApplication(
  around: Surroundings,
  tenant: Tenant,
  directory: Directory,
): ApplicationHandle | undefined {
  if (!isRegisteredHere(tenant)) return undefined;
  const wanted = permissionsFor(tenant);
  const application = new Application(`application-${tenant.key}`, {
    // An admin of the other tenant reads it when asked for consent.
    displayName: `Copilot audit collector (${around.naming.of('app', tenant.key)})`,
    description: `Reads Copilot audit records of tenant ${tenant.id}`,
    signInAudience: 'AzureADMultipleOrgs',
    preventDuplicateNames: true,
    requiredResourceAccesses: [...new Set(wanted.map(({ apiAppId }) => apiAppId))].map((apiAppId) => ({
      resourceAppId: apiAppId,
      resourceAccesses: wanted
        .filter((permission) => permission.apiAppId === apiAppId)
        .map((permission) => ({ id: knownRole(directory, permission).roleId, type: 'Role' })),
    })),
    web: { redirectUris: [AFTER_CONSENT] },
  });
  return { clientId: application.clientId, id: application.id };
}
