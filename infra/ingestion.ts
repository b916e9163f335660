/** How rows get into a workspace: one data collection endpoint, and a rule for each tenant. */
import { DataCollectionEndpoint, DataCollectionRule, DiagnosticSetting } from '@pulumi/azure-native/monitor/index.js';
import type { Input, Resource } from '@pulumi/pulumi';
import { toDcrStream } from '../collector/schema/index.ts';
import { roleAssignment } from './role-assignment.ts';
import type { IngestionHandle, RuleHandle, Surroundings, TablesHandle, Tenant, WorkspaceHandle } from './types.ts';

const DESTINATION = 'workspace';

/** Streams and flows of a rule, one per table: what comes in goes out as it is, because mapping is the collector's. */
export function toRuleStreams({ definitions }: Pick<TablesHandle, 'definitions'>) {
  const streams = definitions.map((definition) => ({ table: definition.name, stream: toDcrStream(definition) }));
  return {
    streamDeclarations: Object.fromEntries(
      streams.map(({ stream }) => [stream.name, { columns: [...stream.columns] }]),
    ),
    dataFlows: streams.map(({ table, stream }) => ({
      streams: [stream.name],
      destinations: [DESTINATION],
      transformKql: 'source',
      outputStream: `Custom-${table}`,
    })),
  };
}

/** What rows of some tenants go through into a workspace. */
interface Way {
  readonly workspace: WorkspaceHandle;
  readonly tables: TablesHandle;
  readonly tenants: readonly Tenant[];
}

/** Endpoint, rules and their error logs. All lie in the workspace's region, as Azure demands. */
export function ingestion(around: Surroundings, way: Way): IngestionHandle {
  const { workspace, tenants } = way;
  const { resourceGroupName, tags, naming, configuration } = around;
  const { suffix, location } = workspace;
  const part = suffix === '' ? undefined : suffix.slice(1);
  // An endpoint, because API 2022-06-01, which azure-native speaks, does not tell the address of a rule without one.
  const endpoint = new DataCollectionEndpoint(`endpoint${suffix}`, {
    resourceGroupName,
    dataCollectionEndpointName: naming.of('dce', part),
    location,
    description: 'Takes the rows of the Copilot collector',
    networkAcls: { publicNetworkAccess: configuration.network === 'private' ? 'Disabled' : 'Enabled' },
    tags,
  });
  return {
    dceId: endpoint.id,
    endpoint: endpoint.logsIngestion.apply((answer) => answer?.endpoint ?? ''),
    rules: tenants.map((tenant) => tenantRule(around, way, { tenant, endpoint })),
    resources: [endpoint],
  };
}

/**
 * A tenant's rule. Tenants that share a workspace do not share it: its role lets one collector write and no other, and
 * its metrics and error log are about one tenant.
 */
function tenantRule(
  around: Surroundings,
  { workspace, tables }: Way,
  { tenant, endpoint }: { readonly tenant: Tenant; readonly endpoint: DataCollectionEndpoint },
): RuleHandle {
  const rule = new DataCollectionRule(
    `ingestion-rule-${tenant.key}`,
    {
      resourceGroupName: around.resourceGroupName,
      dataCollectionRuleName: around.naming.of('dcr', tenant.key),
      location: workspace.location,
      description: `Writes the rows of the Copilot collector of tenant ${tenant.id} into its tables`,
      dataCollectionEndpointId: endpoint.id,
      ...toRuleStreams(tables),
      destinations: { logAnalytics: [{ name: DESTINATION, workspaceResourceId: workspace.id }] },
      tags: { ...around.tags, tenant: tenant.id },
    },
    { dependsOn: [...workspace.ready, ...tables.resources, endpoint] },
  );
  const errors = new DiagnosticSetting(
    `ingestion-rule-errors-${tenant.key}`,
    {
      name: 'errors',
      resourceUri: rule.id,
      workspaceId: workspace.id,
      // Into the table DCRLogErrors; without it a row that Azure drops leaves no trace.
      logAnalyticsDestinationType: 'Dedicated',
      logs: [{ category: 'LogErrors', enabled: true }],
    },
    { dependsOn: [rule] },
  );
  return { tenant, id: rule.id, immutableId: rule.immutableId, resources: [endpoint, rule, errors] };
}

/** Lets a tenant's identity write through its rule, and through no other. */
export function ingestionRole(
  around: Surroundings,
  { rule, principalId }: { readonly rule: RuleHandle; readonly principalId: Input<string> },
): Resource {
  return roleAssignment(around, {
    // Not as it was called when tenants shared a rule (role-ingestion-): Azure takes one assignment of a name, so the
    // running collector would lose its right on the old rule before the next one starts with the new rule.
    name: `role-rule-${rule.tenant.key}`,
    role: 'Monitoring Metrics Publisher',
    scope: rule.id,
    principalId,
    dependsOn: rule.resources,
  });
}
