/** What a collector may read in Microsoft 365: assigned by this program, or written down for an admin to run. */
import { AppRoleAssignment } from '@pulumi/azuread/appRoleAssignment.js';
import { ApplicationFederatedIdentityCredential } from '@pulumi/azuread/applicationFederatedIdentityCredential.js';
import { interpolate, type Input, output, type Output, type Resource } from '@pulumi/pulumi';
import { AFTER_CONSENT, type ApplicationHandle } from './application.ts';
import type { IdentityHandle } from './collector-identity.ts';
import { type Directory, knownRole, permissionsFor } from './directory.ts';
import type { Cloud, Configuration, Surroundings, Tenant } from './types.ts';

/** A tenant, the identity of its collector, and the application that was registered for it, if one was. */
export interface Reader {
  readonly tenant: Tenant;
  readonly identity: IdentityHandle;
  readonly application: ApplicationHandle | undefined;
}

/** What was assigned, and what an admin has left to do. */
export interface AccessHandle {
  /** Assignments and federated credentials of all tenants; the collector starts without them and waits. */
  readonly resources: readonly Resource[];
  /** Shell lines (bash, Azure CLI) by tenant id; a tenant with nothing to do is not in it. */
  readonly consent: Output<Readonly<Record<string, readonly string[]>>>;
  /** Addresses by tenant id that ask for the same consent in a browser; for registered applications only. */
  readonly links: Output<Readonly<Record<string, string>>>;
}

/** Microsoft Graph and Microsoft Entra of a cloud. */
const HOSTS: Readonly<Record<Cloud, { readonly graph: string; readonly login: string }>> = {
  commercial: { graph: 'https://graph.microsoft.com', login: 'https://login.microsoftonline.com' },
  gcc: { graph: 'https://graph.microsoft.com', login: 'https://login.microsoftonline.com' },
  'gcc-high': { graph: 'https://graph.microsoft.us', login: 'https://login.microsoftonline.us' },
  dod: { graph: 'https://dod-graph.microsoft.us', login: 'https://login.microsoftonline.us' },
};

// "Configure an application to trust a managed identity", Microsoft Learn; the collector asks for tokens of this audience.
const EXCHANGE_AUDIENCE = 'api://AzureADTokenExchange';

// The same page: federated credentials of one application.
const FEDERATED_MAX = 20;

/** What is wrong with how tenants are to be read, one sentence each with the remedy; `azureTenantId` owns the resources. */
export function accessProblems(
  tenants: readonly Tenant[],
  cloud: Cloud,
  azureTenantId: string,
  entraMode: Configuration['entraMode'] = 'assign',
): readonly string[] {
  const problems: string[] = [];
  const trusting = new Map<string, number>();
  for (const { id, name, credential } of tenants) {
    const who = `tenants: ${name === id ? id : `${name} (${id})`}`;
    if (credential.kind === 'managed-identity' && id !== azureTenantId.toLowerCase())
      problems.push(
        `${who}: a managed identity reads its own tenant only, ${azureTenantId}: choose the credential federated, certificate or secret with an application that this tenant has consented to`,
      );
    if (credential.kind !== 'federated') continue;
    if (cloud === 'gcc-high' || cloud === 'dod')
      problems.push(
        `${who}: the collector cannot use a federated credential in ${cloud}, where the audience is another: choose certificate or secret`,
      );
    if (credential.clientId === undefined) {
      if (id === azureTenantId.toLowerCase())
        problems.push(`${who}: it is the tenant of the subscription: choose the credential managed-identity`);
      else if (entraMode === 'manual')
        problems.push(
          `${who}: without clientId an application is registered, which entra.mode=manual leaves to you: register one (multitenant) and set clientId`,
        );
      continue;
    }
    const count = (trusting.get(credential.clientId) ?? 0) + 1;
    trusting.set(credential.clientId, count);
    if (count === FEDERATED_MAX + 1)
      problems.push(
        `${who}: application ${credential.clientId} would trust more than ${FEDERATED_MAX} identities: use a second application for further tenants`,
      );
  }
  return problems;
}

/**
 * Access of every collector. `entra.mode=assign` gives a managed identity its application permissions and lets a
 * federated application trust it; whatever is an application's own, or in another tenant, is in `consent`. With `manual`
 * no provider of Microsoft Entra is used and everything is in `consent`.
 */
export function access(around: Surroundings, readers: readonly Reader[], directory: Directory): AccessHandle {
  const isAssigning = around.configuration.entraMode === 'assign';
  const resources = isAssigning ? readers.flatMap((reader) => assigned(around, reader, directory)) : [];
  const open = readers.flatMap(({ tenant, identity, application }) => {
    const { credential } = tenant;
    if (isAssigning && credential.kind === 'managed-identity') return [];
    const clientId =
      application?.clientId ?? (credential.kind === 'managed-identity' ? '' : (credential.clientId ?? ''));
    const lines = output({ principalId: identity.principalId, clientId }).apply((ids) =>
      consentLines(around, tenant, ids),
    );
    return [output({ id: tenant.id, lines })];
  });
  const links = readers.flatMap(({ tenant: { id }, application }) =>
    application === undefined ? [] : [output({ id, link: consentLink(around, id, application.clientId) })],
  );
  return {
    resources,
    consent: output(open).apply((all) => Object.fromEntries(all.map(({ id, lines }) => [id, lines]))),
    links: output(links).apply((all) => Object.fromEntries(all.map(({ id, link }) => [id, link]))),
  };
}

/** "Admin consent on the Microsoft identity platform", Microsoft Learn: it asks for all that the application names. */
const consentLink = ({ configuration }: Surroundings, tenantId: string, clientId: Output<string>): Output<string> =>
  interpolate`${HOSTS[configuration.cloud].login}/${tenantId}/adminconsent?client_id=${clientId}&redirect_uri=${encodeURIComponent(AFTER_CONSENT)}`;

function assigned(
  around: Surroundings,
  { tenant, identity, application }: Reader,
  directory: Directory,
): readonly Resource[] {
  const { credential } = tenant;
  if (credential.kind === 'federated') {
    const applicationId = application?.id ?? found(directory.applications, credential.clientId ?? '');
    return [trusted(around, tenant, identity, applicationId)];
  }
  if (credential.kind !== 'managed-identity') return [];
  return permissionsFor(tenant).map((permission) => {
    const { roleId, apiObjectId } = knownRole(directory, permission);
    return new AppRoleAssignment(`access-${tenant.key}-${permission.role}`, {
      appRoleId: roleId,
      principalObjectId: identity.principalId,
      resourceObjectId: apiObjectId,
    });
  });
}

function found<T>(known: ReadonlyMap<string, T>, key: string): T {
  const value = known.get(key);
  if (value === undefined) throw new Error(`access: ${key} was not looked up: this is a defect of infra/directory.ts`);
  return value;
}

/** Lets an application of this tenant trust the identity, in place of a secret. */
function trusted(
  around: Surroundings,
  tenant: Tenant,
  identity: IdentityHandle,
  applicationId: Input<string>,
): ApplicationFederatedIdentityCredential {
  return new ApplicationFederatedIdentityCredential(`trust-${tenant.key}`, {
    applicationId,
    displayName: around.naming.of('fic', tenant.key),
    description: `Collector of Copilot audit records of tenant ${tenant.id}`,
    issuer: issuerOf(around),
    subject: identity.principalId,
    audiences: [EXCHANGE_AUDIENCE],
  });
}

const issuerOf = ({ configuration, azureTenantId }: Surroundings): string =>
  `${HOSTS[configuration.cloud].login}/${azureTenantId}/v2.0`;

/** What an admin runs in bash with the Azure CLI, Cloud Shell for example; each line starts after the one before it ended. */
function consentLines(
  around: Surroundings,
  tenant: Tenant,
  { principalId, clientId }: { readonly principalId: string; readonly clientId: string },
): readonly string[] {
  const { credential } = tenant;
  const { cloud, entraMode } = around.configuration;
  const { graph } = HOSTS[cloud];
  const cli = cloud === 'gcc-high' || cloud === 'dod' ? ['az cloud set --name AzureUSGovernment'] : [];
  const rest = (method: 'GET' | 'POST', path: string, tail: string): string =>
    `az rest --method ${method} --resource ${graph}/ --url "${graph}/v1.0/${path}" ${tail}`;
  const post = (path: string, body: string): string =>
    rest('POST', path, `--headers Content-Type=application/json --body ${body}`);
  const signIn = (tenantId: string): string => `az login --tenant ${tenantId} --allow-no-subscriptions`;

  const lines = [...cli];
  if (credential.kind === 'federated' && entraMode === 'manual') {
    const body = {
      name: around.naming.of('fic', tenant.key),
      issuer: issuerOf(around),
      subject: principalId,
      audiences: [EXCHANGE_AUDIENCE],
    };
    lines.push(
      `# As owner of application ${clientId} or Application Administrator: it trusts the collector's identity.`,
      signIn(around.azureTenantId),
      post(`applications(appId='${clientId}')/federatedIdentityCredentials`, `'${JSON.stringify(body)}'`),
    );
  }
  const roles = permissionsFor(tenant);
  const subject =
    credential.kind === 'managed-identity' ? `managed identity ${principalId}` : `application ${clientId}`;
  lines.push(
    `# As Privileged Role Administrator of tenant ${tenant.id}: ${subject} gets ${roles.map(({ api, role }) => `${role} (${api})`).join(', ')}.`,
    signIn(tenant.id),
  );
  const ensured = (appId: string): string => `az ad sp show --id ${appId} --query id || az ad sp create --id ${appId}`;
  if (credential.kind === 'managed-identity') lines.push(`PRINCIPAL=${principalId}`);
  else {
    lines.push(
      ensured(clientId),
      `PRINCIPAL=$(${rest('GET', `servicePrincipals(appId='${clientId}')`, '--query id --output tsv')})`,
    );
  }
  const body = String.raw`"{\"principalId\":\"$PRINCIPAL\",\"resourceId\":\"$API\",\"appRoleId\":\"$ROLE\"}"`;
  for (const apiAppId of new Set(roles.map((one) => one.apiAppId))) {
    const api = `servicePrincipals(appId='${apiAppId}')`;
    lines.push(ensured(apiAppId), `API=$(${rest('GET', api, '--query id --output tsv')})`);
    for (const { role } of roles.filter((one) => one.apiAppId === apiAppId)) {
      const query = `"appRoles[?value=='${role}' && contains(allowedMemberTypes, 'Application')].id | [0]"`;
      lines.push(
        `ROLE=$(${rest('GET', api, `--query ${query} --output tsv`)})`,
        post('servicePrincipals/$PRINCIPAL/appRoleAssignments', body),
      );
    }
  }
  return lines;
}
