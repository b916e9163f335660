/** Who must be allowed what, read off the plan itself. */
import { permissions } from '../../collector/permissions.ts';
import type { ArmResource } from './arm.ts';
import { appRoleIds } from './app-roles.ts';
import type { Plan } from './plan.ts';
import { isValues, textAt, valuesAt } from './wire-values.ts';

/** One permission. */
export interface RequiredPermission {
  /** Role, as its API or Azure names it. */
  readonly role: string;
  /** API that grants it, or `Azure` for a role on resources. */
  readonly api: string;
  /** Who holds it. */
  readonly holder: string;
  /** Tenant (GUID) or Azure id on which it is held. */
  readonly scope: string;
  readonly grantedBy: string;
}

/** Built-in roles by GUID (learn.microsoft.com/azure/role-based-access-control/built-in-roles). */
export const builtInRoles: Readonly<Record<string, string>> = {
  '3913510d-42f4-4e42-8a64-420c390055eb': 'Monitoring Metrics Publisher',
  '7f951dda-4ed3-4680-a7ca-43fe172d538d': 'AcrPull',
  '8311e382-0749-4cb8-b61a-304f252e45ec': 'AcrPush',
  'ba92f5b4-2d11-453d-a403-e96b0029c9fe': 'Storage Blob Data Contributor',
  '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1': 'Storage Blob Data Reader',
  '4633458b-17de-408a-b874-0445c86b69e6': 'Key Vault Secrets User',
};

/** Name of a built-in role by the id of its definition; the id itself when it is none of these. */
export function roleNameOf(definitionId: string): string {
  return builtInRoles[definitionId.slice(definitionId.lastIndexOf('/') + 1).toLowerCase()] ?? definitionId;
}

const THIS_PROGRAM = 'this program';

/** Application permissions of each collector, as the output `tenants` names them. */
function applicationPermissions(plan: Plan, resources: readonly ArmResource[]): readonly RequiredPermission[] {
  const assigned = new Set(
    plan.registrations
      .filter(({ type }) => type.startsWith('azuread:') && type.endsWith(':AppRoleAssignment'))
      .map(({ inputs }) => textAt(inputs, 'appRoleId')),
  );
  return resources
    .filter(({ type }) => type === 'Microsoft.App/containerApps')
    .flatMap(({ name, body }) => {
      const environment = environmentOf(body);
      const tenantId = environment['TENANT_ID'] ?? '';
      const roles = valuesAt(valuesAt(plan.outputs, 'tenants'), tenantId)['permissions'];
      const application = environment['SOURCE_CLIENT_ID'];
      return permissions
        .filter(({ role }) => Array.isArray(roles) && roles.includes(role))
        .map(({ role, api, apiAppId }) => ({
          role,
          api,
          holder: application === undefined ? `managed identity of ${name}` : `application ${application}`,
          scope: tenantId,
          grantedBy:
            application === undefined && assigned.has(appRoleIds[apiAppId]?.roles[role] ?? '')
              ? THIS_PROGRAM
              : 'an administrator of the tenant, by hand',
        }));
    });
}

/** Plain environment variables of a container app, by name. */
export function environmentOf(body: ArmResource['body']): Readonly<Record<string, string>> {
  const containers = valuesAt(valuesAt(body, 'properties'), 'template')['containers'];
  const variables = Array.isArray(containers)
    ? containers.flatMap((one: unknown) => (isValues(one) && Array.isArray(one['env']) ? one['env'] : []))
    : [];
  return Object.fromEntries(variables.map((one: unknown) => [textAt(one, 'name'), textAt(one, 'value')]));
}

function azureRoles(plan: Plan): readonly RequiredPermission[] {
  const holders = new Map(
    plan.registrations
      .filter(({ outputs }) => textAt(outputs, 'principalId') !== '' && textAt(outputs, 'clientId') !== '')
      .map(({ outputs }) => [textAt(outputs, 'principalId'), textAt(outputs, 'name')]),
  );
  return plan.registrations
    .filter(({ type }) => type === 'azure-native:authorization:RoleAssignment')
    .map(({ inputs }) => {
      const principal = textAt(inputs, 'principalId');
      return {
        role: roleNameOf(textAt(inputs, 'roleDefinitionId')),
        api: 'Azure',
        holder: holders.get(principal) ?? principal,
        scope: textAt(inputs, 'scope'),
        grantedBy: THIS_PROGRAM,
      };
    });
}

/** What private endpoints lead to: whoever makes one also approves of the connection at its other end. */
const linkedAccounts = ({ registrations }: Plan): readonly string[] =>
  registrations
    .filter(({ type }) => type === 'azure-native:network:PrivateEndpoint')
    .flatMap(({ inputs: { privateLinkServiceConnections: all } }) => (Array.isArray(all) ? all : []))
    .map((connection: unknown) => textAt(connection, 'privateLinkServiceId'));

/** What the person or pipeline that runs the program needs. */
function deployerRoles(plan: Plan, granted: readonly RequiredPermission[]): readonly RequiredPermission[] {
  const needs = (role: string, api: string, scope: string): RequiredPermission => ({
    role,
    api,
    holder: 'whoever runs pulumi up',
    scope,
    grantedBy: 'an administrator, before the first run',
  });
  const { subscriptionId, tenantId } = plan.around;
  const own = `/subscriptions/${subscriptionId}`;
  // Elsewhere it is enough to write what lies in the workspace, but for roles on what is read and not ours.
  const groups = plan.registrations
    .map(({ id }) => /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(id)?.[0] ?? '')
    .filter((group) => group !== '' && !group.startsWith(`${own}/`));
  const isElsewhere = (id: string): boolean => !id.toLowerCase().startsWith(`${own}/`.toLowerCase());
  const granting = granted.flatMap(({ api, scope }) => (api === 'Azure' && isElsewhere(scope) ? [scope] : []));
  const linked = linkedAccounts(plan).filter(isElsewhere);
  const hasAppRoles = granted.some(({ api, grantedBy }) => api !== 'Azure' && grantedBy === THIS_PROGRAM);
  const hasApplications = plan.registrations.some(({ type }) => type === 'azuread:index/application:Application');
  const hasTrusts = plan.registrations.some(({ type }) => type.endsWith(':ApplicationFederatedIdentityCredential'));
  return [
    needs('Contributor', 'Azure', own),
    needs('Role Based Access Control Administrator', 'Azure', own),
    ...[...new Set(granting)].map((scope) => needs('Role Based Access Control Administrator', 'Azure', scope)),
    ...[...new Set(linked)].map((scope) => needs('Storage Account Contributor', 'Azure', scope)),
    ...[...new Set(groups)].map((group) => needs('Contributor', 'Azure', group)),
    ...(hasAppRoles ? [needs('Privileged Role Administrator', 'Microsoft Entra', tenantId)] : []),
    ...(hasApplications ? [needs('Application Administrator', 'Microsoft Entra', tenantId)] : []),
    ...(hasTrusts && !hasApplications
      ? [needs('Application Administrator, or owner of the application', 'Microsoft Entra', tenantId)]
      : []),
  ];
}

/** Every permission of the plan: of the collectors, on Azure's resources, and of whoever runs it. */
export function requiredPermissions(plan: Plan, resources: readonly ArmResource[]): readonly RequiredPermission[] {
  const granted = [...applicationPermissions(plan, resources), ...azureRoles(plan)];
  const sorted = granted.sort((a, b) => `${a.api}${a.scope}${a.role}`.localeCompare(`${b.api}${b.scope}${b.role}`));
  return [...sorted, ...deployerRoles(plan, granted)];
}
