/** What the program looks up in Microsoft Entra, before it registers anything: a thing that is missing stops it there. */
import { getApplication } from '@pulumi/azuread/getApplication.js';
import { getServicePrincipal } from '@pulumi/azuread/getServicePrincipal.js';
import { type Permission, permissions } from '../collector/permissions.ts';
import type { Configuration, Reading, Tenant } from './types.ts';

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

/** Permissions that sources and enrichers need, with the optional ones that are wanted, and no others. */
export const permissionsFor = ({
  sources,
  enrich,
  optionalPermissions,
}: Pick<Reading, 'sources' | 'enrich' | 'optionalPermissions'>): readonly Permission[] =>
  permissions.filter(
    ({ neededBy, role, isOptional }) =>
      [...sources, ...enrich].includes(neededBy) && (isOptional !== true || optionalPermissions.includes(role)),
  );

/** Key of a permission in a `Directory`. */
export const roleKey = ({ apiAppId, role }: Permission): string => `${apiAppId}/${role}`;

/** Looks up what `entra.mode=assign` refers to; throws for what `azureTenantId` does not have, with the remedy. */
export async function readDirectory(
  { entraMode, tenants }: Pick<Configuration, 'entraMode' | 'tenants'>,
  azureTenantId: string,
): Promise<Directory> {
  if (entraMode !== 'assign') return { roles: new Map(), applications: new Map() };
  // Whatever this program assigns, or has an application ask for; ids of permissions are the same in every tenant.
  const own = tenants.filter(needsRoles);
  const wanted = new Map(own.flatMap(permissionsFor).map((permission) => [roleKey(permission), permission]));
  const apis = new Map([...wanted.values()].map((permission) => [permission.apiAppId, permission]));
  const clients = tenants.flatMap(({ credential }) =>
    credential.kind === 'federated' && credential.clientId !== undefined ? [credential.clientId] : [],
  );
  const [known, applications] = await Promise.all([
    Promise.all([...apis].map(async ([id, permission]) => [id, await apiOf(permission)] as const)),
    Promise.all([...new Set(clients)].map(async (id) => [id, await applicationOf(id, azureTenantId)] as const)),
  ]);
  const found = new Map(known);
  return {
    roles: new Map([...wanted].map(([key, permission]) => [key, roleOf(permission, found.get(permission.apiAppId))])),
    applications: new Map(applications),
  };
}

/** Whether this program registers the tenant's application, because the configuration names none. */
export const isRegisteredHere = ({ credential }: Pick<Tenant, 'credential'>): boolean =>
  credential.kind === 'federated' && credential.clientId === undefined;

const needsRoles = (tenant: Tenant): boolean =>
  tenant.credential.kind === 'managed-identity' || isRegisteredHere(tenant);

/** A permission that was looked up. */
export function knownRole({ roles }: Directory, permission: Permission): KnownRole {
  const role = roles.get(roleKey(permission));
  if (role === undefined)
    throw new Error(`access: ${roleKey(permission)} was not looked up: this is a defect of infra/directory.ts`);
  return role;
}

/** Service principal of an API. */
interface Api {
  readonly objectId: string;
  readonly appRoleIds: Readonly<Record<string, string>>;
}

async function apiOf({ api, apiAppId }: Permission): Promise<Api> {
  return getServicePrincipal({ clientId: apiAppId }).catch((cause: unknown) => {
    const remedy = `if this tenant has never used it, run az ad sp create --id ${apiAppId}; if you may not read it, set entra.mode=manual`;
    throw new Error(`access: ${api} was not found in Microsoft Entra: ${remedy}`, { cause });
  });
}

function roleOf({ api, role, neededBy }: Permission, found: Api | undefined): KnownRole {
  const roleId = found?.appRoleIds[role];
  if (found !== undefined && roleId !== undefined) return { apiObjectId: found.objectId, roleId };
  throw new Error(
    `access: ${api} has no application permission ${role}: check that CLOUD is this tenant's, or leave ${neededBy} out of its sources and enrich`,
  );
}

async function applicationOf(clientId: string, azureTenantId: string): Promise<string> {
  const { id } = await getApplication({ clientId }).catch((cause: unknown) => {
    const remedy = 'register it there (multitenant), or set entra.mode=manual';
    throw new Error(`access: application ${clientId} is not in tenant ${azureTenantId}: ${remedy}`, { cause });
  });
  return id;
}
