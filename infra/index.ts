/** The deployment: what is registered, in which order. */
import { fileURLToPath } from 'node:url';
import { getClientConfig } from '@pulumi/azure-native/authorization/index.js';
import { getStack, runtime } from '@pulumi/pulumi';
import { access } from './access.ts';
import { adoptedWorkspaces } from './adopted-workspace.ts';
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
import { network, privateIngestion, privateState } from './network.ts';
import { stateRole, stateStorage } from './state-storage.ts';
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
  return { workspace, tables: made, ingestion: ingestion(around, workspace, made) };
});

// Collectors: an identity each, state, roles, what they may read, image, app.
const state = stateStorage(around);
const within = configuration.network === 'private' ? network(around) : undefined;
const links =
  within === undefined ? [] : [...privateState(around, within, state), ...privateIngestion(around, within, sites)];
const readers = configuration.tenants.map((tenant) => ({ tenant, identity: collectorIdentity(around, tenant) }));
const granted = access(around, readers, directory);
const image = await collectorImage(around, readers);
const environment = appEnvironment(around, { workspace: home, network: within });
const collectors = readers.map(({ tenant, identity }) => {
  const site = sites.find(({ workspace }) => workspace === of(tenant));
  if (site === undefined)
    throw new Error(`tenant ${tenant.id} has no workspace: this is a defect of infra/workspace.ts`);
  const to = { tenant, principalId: identity.principalId };
  const roles = [ingestionRole(around, { ...to, into: site.ingestion }), stateRole(around, { ...to, state })];
  const needs = { tenant, identity, environment, image, ingestion: site.ingestion, state, ready: [...roles, ...links] };
  return { tenant, identity, site, app: collectorApp(around, needs) };
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
  ruleId: way.dcrId,
  ruleImmutableId: way.dcrImmutableId,
}));
/** Collectors by tenant id. */
export const tenants = Object.fromEntries(
  collectors.map(({ tenant, identity, site, app }) => [
    tenant.id,
    {
      name: tenant.name,
      app: app.name,
      principalId: identity.principalId,
      clientId: identity.clientId,
      permissions: permissionsFor(tenant).map(({ role }) => role),
      state: state.containerUrl(tenant),
      workspaceId: site.workspace.id,
    },
  ]),
);
/** Shell lines that an admin of each tenant has left to run; empty when there is nothing. */
export const consent = granted.consent;
/** The collector's image, by digest. */
export const imageReference = image.reference;
