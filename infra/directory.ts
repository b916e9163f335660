/** What the program looks up in Microsoft Entra, before it registers anything: a thing that is missing stops it there. */
import { getApplication } from '@pulumi/azuread/getApplication.js';
import { getServicePrincipal } from '@pulumi/azuread/getServicePrincipal.js';
import { type Permission, permissions } from '../collector/permissions.ts';
import type { Configuration } from './types.ts';

/** An application permission as Microsoft Entra knows it. */
export interface KnownRole {
  /** Object id of the API's service principal in the deployer's tenant. */
  readonly apiObjectId: string;
  /** Id of the permission. */
  readonly roleId: string;
}

/** What was found; empty with `entra.mode=manual`. */
export interface Directory {
  /** By permission, as `<application id of the API>/<role>`. */
  readonly roles: ReadonlyMap<string, KnownRole>;
  /** Resource ids of federated applications by client id. */
  readonly applications: ReadonlyMap<string, string>;
}

/** Permissions that these sources need, and no others. */
export const permissionsFor = (sources: readonly string[]): readonly Permission[] =>
  permissions.filter(({ neededBy }) => sources.includes(neededBy));

/** Key of a permission in a `Directory`. */
export const roleKey = ({ apiAppId, role }: Permission): string => `${apiAppId}/${role}`;

/** Looks up what `entra.mode=assign` refers to; throws for what `azureTenantId` does not have, with the remedy. */
export async function readDirectory(
  { entraMode, tenants }: Pick<Configuration, 'entraMode' | 'tenants'>,
  azureTenantId: string,
): Promise<Directory> {
  if (entraMode !== 'assign') return { roles: new Map(), applications: new Map() };
  const own = tenants.filter(({ credential }) => credential.kind === 'managed-identity');
  const wanted = permissionsFor([...new Set(own.flatMap(({ sources }) => sources))]);
  const clients = tenants.flatMap(({ credential }) => (credential.kind === 'federated' ? [credential.clientId] : []));
  const [roles, applications] = await Promise.all([
    Promise.all(wanted.map(async (permission) => [roleKey(permission), await roleOf(permission)] as const)),
    Promise.all([...new Set(clients)].map(async (id) => [id, await applicationOf(id, azureTenantId)] as const)),
  ]);
  return { roles: new Map(roles), applications: new Map(applications) };
}

async function roleOf({ api, apiAppId, role }: Permission): Promise<KnownRole> {
  const { objectId, appRoleIds } = await getServicePrincipal({ clientId: apiAppId }).catch((cause: unknown) => {
    const remedy = `if this tenant has never used it, run az ad sp create --id ${apiAppId}; if you may not read it, set entra.mode=manual`;
    throw new Error(`access: ${api} was not found in Microsoft Entra: ${remedy}`, { cause });
  });
  const roleId = appRoleIds[role];
  if (roleId !== undefined) return { apiObjectId: objectId, roleId };
  throw new Error(`access: ${api} has no application permission ${role}: check that CLOUD is this tenant's, or update`);
}

async function applicationOf(clientId: string, azureTenantId: string): Promise<string> {
  const { id } = await getApplication({ clientId }).catch((cause: unknown) => {
    const remedy = 'register it there (multitenant), or set entra.mode=manual';
    throw new Error(`access: application ${clientId} is not in tenant ${azureTenantId}: ${remedy}`, { cause });
  });
  return id;
}
