/** The deployment: what is registered, in which order. */
import { fileURLToPath } from 'node:url';
import { getClientConfig } from '@pulumi/azure-native/authorization/index.js';
import { getStack, runtime } from '@pulumi/pulumi';
import { access } from './access.ts';
import { archiveRoles, archiveStorage } from './archive-storage.ts';
import { adoptedWorkspaces } from './adopted-workspace.ts';
import { tenantApplication } from './application.ts';
import { appEnvironment, collectorApp } from './collector-app.ts';
import { collectorIdentity } from './collector-identity.ts';
import { parseConfiguration } from './configuration.ts';
import { azureWaiting } from './content/azure-waiting.ts';
import { deployContent } from './content/deploy-content.ts';
import { readContent } from './content/read-content.ts';
import { applyRuleOverrides } from './content/rule-overrides.ts';
import { permissionsFor, readDirectory } from './directory.ts';
import { collectorImage } from './image.ts';
import { ingestion, ingestionRole } from './ingestion.ts';
import { monitoring } from './monitoring.ts';
import { network, privateExports, privateIngestion, privateState } from './network.ts';
import { pseudonymKeyRoles, queryAudit } from './pseudonymization.ts';
import { stateRole, stateStorage } from './state-storage.ts';
import { exportAccounts, storageExportRoles } from './storage-exports.ts';
import { surroundings } from './surroundings.ts';
import { tables } from './tables.ts';
import { workspaces } from './workspace.ts';

// What is wrong is said before anything is registered.
const settings = runtime.allConfig();
const deployer = await getClientConfig();
const content = readContent(fileURLToPath(new URL('..', import.meta.url)));
const configuration = parseConfiguration(settings, { azureTenantId: deployer.tenantId, rules: content.rules });
const adopted = await adoptedWorkspaces(configuration, deployer.subscriptionId, settings);
const directory = await readDirectory(configuration, deployer.tenantId);

const around = surroundings(configuration, {
  stack: getStack(),
  subscriptionId: deployer.subscriptionId,
  tenantId: deployer.tenantId,
  regions: adopted.map(({ location }) => location),
});

// Workspaces, their tables, and the way in.
const { all, home, of } = workspaces(around, adopted);
const sites = all.map((workspace) => {
  const made = tables(around, workspace);
  const tenants = configuration.tenants.filter((tenant) => of(tenant) === workspace);
  queryAudit(workspace, tenants);
  return { workspace, tables: made, ingestion: ingestion(around, { workspace, tables: made, tenants }) };
});

// Collectors: an identity each, state, roles, what they may read, image, app.
const state = stateStorage(around);
const archives = archiveStorage(around, state);
const within = configuration.network === 'private' ? network(around) : undefined;
const links =
  within === undefined
    ? []
    : [
        ...privateState(around, within, state),
        ...privateIngestion(around, within, sites),
        ...privateExports(around, within, exportAccounts(configuration.tenants)),
      ];
const readers = configuration.tenants.map((tenant) => ({
  tenant,
  identity: collectorIdentity(around, tenant),
  application: tenantApplication(around, tenant, directory),
}));
const granted = access(around, readers, directory);
const image = await collectorImage(around, readers);
const environment = appEnvironment(around, { workspace: home, network: within });
const collectors = readers.map(({ tenant, identity, application }) => {
  const site = sites.find(({ workspace }) => workspace === of(tenant));
  const rule = site?.ingestion.rules.find((one) => one.tenant === tenant);
  if (site === undefined || rule === undefined)
    throw new Error(`tenant ${tenant.id} has no workspace: this is a defect of infra/workspace.ts`);
  const { principalId } = identity;
  const archive = archives.find((one) => one.tenant === tenant);
  const roles = [
    ingestionRole(around, { rule, principalId }),
    stateRole(around, { tenant, principalId, state }),
    ...archiveRoles(around, archive, principalId),
    ...storageExportRoles(around, { tenant, principalId }),
    ...pseudonymKeyRoles(around, { tenant, principalId }),
  ];
  const ready = [...roles, ...links];
  const { endpoint } = site.ingestion;
  const needs = { tenant, identity, application, environment, image, endpoint, rule, state, archive, ready };
  return { tenant, identity, application, site, rule, archive, app: collectorApp(around, needs) };
});

// What analysts work with, and who watches the collectors.
const rules = applyRuleOverrides(content.rules, configuration.rules);
const waiting = azureWaiting(configuration.environment);
const deployed = sites.map(({ workspace, tables: made }) =>
  deployContent({ ...content, rules }, { workspace, surroundings: around }, made.resources, waiting),
);
monitoring(
  around,
  sites.map((site) => ({ ...site, collectors: collectors.filter((collector) => collector.site === site) })),
);

/** Workspaces with what was put into them: what `npm run verify` checks. */
export const workspacesWithContent = sites.map(({ workspace, ingestion: way }, index) => ({
  id: workspace.id,
  customerId: workspace.customerId,
  mode: workspace.mode,
  content: deployed[index],
  endpoint: way.endpoint,
}));
/** Collectors by tenant id. */
export const tenants = Object.fromEntries(
  collectors.map(({ tenant, identity, application, site, rule, archive, app }) => [
    tenant.id,
    {
      name: tenant.name,
      app: app.name,
      principalId: identity.principalId,
      clientId: identity.clientId,
      permissions: permissionsFor(tenant).map(({ role }) => role),
      ...(application && { application: application.clientId }),
      state: state.containerUrl(tenant),
      ...(archive && { archive: archive.containerUrl }),
      workspaceId: site.workspace.id,
      ruleId: rule.id,
      ruleImmutableId: rule.immutableId,
    },
  ]),
);
/** Shell lines that an admin of each tenant has left to run; empty when there is nothing. */
export const consent = granted.consent;
/** Addresses for an admin of each tenant that a registered application waits for: the same consent, in a browser. */
export const consentLinks = granted.links;
/** The collector's image, by digest. */
export const imageReference = image.reference;
