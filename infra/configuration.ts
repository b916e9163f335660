/** Reads the deployment's configuration: all of it, or one error with every problem. */
import { accessProblems } from './access.ts';
import { clashes, tenantWorkspaceProblems } from './configuration-checks.ts';
import { ConfigurationError, NAMESPACE } from './configuration-problems.ts';
import { parseTenants } from './configuration-tenants.ts';
import { checked, type Values, withDefaults } from './configuration-values.ts';
import type { Rule } from '../kql/content/read-rules.ts';
import type { Configuration } from './types.ts';

export { ConfigurationError } from './configuration-problems.ts';

/** What the configuration is checked against. */
export interface Known {
  /** Tenant of the Azure subscription (GUID). */
  readonly azureTenantId: string;
  /** The rules that are shipped, as their files have them. */
  readonly rules: readonly Rule[];
}

function workspaceOf(values: Values): Configuration['workspace'] {
  const id = values['workspace.resourceId'];
  if (id !== undefined) return { mode: 'adopted', id };
  return {
    mode: 'new',
    sku: values['workspace.sku'],
    capacityGb: values['workspace.capacityGb'] || undefined,
    retentionInDays: values['workspace.retentionInDays'],
    dailyCapGb: values['workspace.dailyCapGb'] || undefined,
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

/**
 * Reads Pulumi's configuration, keys with their namespace (`copilot-sentinel:name`, `azure-native:location`), values as
 * Pulumi hands them over: text, and JSON for lists and maps. @throws ConfigurationError with every problem.
 */
export function parseConfiguration(values: Readonly<Record<string, unknown>>, known: Known): Configuration {
  const { given, problems: ofNames } = withDefaults(values);
  const location = textOf(values['azure-native:location']);
  const environment = textOf(values['azure-native:environment']).toLowerCase() || 'public';
  const entraEnvironment = textOf(values['azuread:environment']).toLowerCase() || 'global';
  const { values: found, wrong, problems: ofValues } = checked(given);
  const { tenants, problems: ofTenants } = parseTenants(found.tenants, found.clientSecrets, {
    azureTenantId: known.azureTenantId,
    cloud: found.cloud,
  });
  const ofAccess = accessProblems(tenants, found.cloud, known.azureTenantId, found['entra.mode']).map(
    (one) => `${NAMESPACE}:${one}`,
  );
  // A wrong value was replaced by its default: what that seems to contradict is no mistake of the operator.
  const between = clashes(found, { location, environment, entraEnvironment }, known.rules)
    .filter(({ keys }) => !keys.some((key) => wrong.has(key)))
    .map(({ problem }) => problem);
  const ofWorkspaces = wrong.has('workspace.resourceId') ? [] : tenantWorkspaceProblems(found, tenants);
  const problems = [...ofNames, ...ofValues, ...ofTenants, ...ofWorkspaces, ...ofAccess, ...between];
  if (problems.length > 0) throw new ConfigurationError(problems);
  return {
    name: found.name,
    location: location === '' ? undefined : location,
    environment: environment === 'usgovernment' ? 'usgovernment' : 'public',
    workspace: workspaceOf(found),
    tables: {
      retentionInDays: found['tables.retentionInDays'],
      totalRetentionInDays: found['tables.totalRetentionInDays'],
    },
    cloud: found.cloud,
    tenants,
    entraMode: found['entra.mode'],
    network: found.network,
    imageRef: found['image.ref'],
    rules: { isEnabled: found['content.rulesEnabled'], overrides: found['content.rules'] },
    alertsEmail: found['alerts.email'],
    deleteData: found.deleteData,
    contentFields: found.contentFields,
    pollSeconds: found.pollSeconds,
  };
}
