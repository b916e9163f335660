/** How rows get into a workspace: one data collection endpoint and one rule each. */
import { DataCollectionEndpoint, DataCollectionRule, DiagnosticSetting } from '@pulumi/azure-native/monitor/index.js';
import type { Input, Resource } from '@pulumi/pulumi';
import { toDcrStream } from '../collector/schema/index.ts';
import { roleAssignment } from './role-assignment.ts';
import type { IngestionHandle, Surroundings, TablesHandle, Tenant, WorkspaceHandle } from './types.ts';

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

/** Endpoint, rule and the rule's own error log. The rule lies in the workspace's region, as Azure demands. */
export function ingestion(around: Surroundings, workspace: WorkspaceHandle, tables: TablesHandle): IngestionHandle {
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
  const rule = new DataCollectionRule(
    `rule${suffix}`,
    {
      resourceGroupName,
      dataCollectionRuleName: naming.of('dcr', part),
      location,
      description: 'Writes the rows of the Copilot collector into its tables',
      dataCollectionEndpointId: endpoint.id,
      ...toRuleStreams(tables),
      destinations: { logAnalytics: [{ name: DESTINATION, workspaceResourceId: workspace.id }] },
      tags,
    },
    { dependsOn: [...workspace.ready, ...tables.resources, endpoint] },
  );
  const errors = new DiagnosticSetting(
    `rule-errors${suffix}`,
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
  return {
    dcrId: rule.id,
    dcrImmutableId: rule.immutableId,
    dcrName: rule.name,
    dceId: endpoint.id,
    endpoint: endpoint.logsIngestion.apply((answer) => answer?.endpoint ?? ''),
    resources: [endpoint, rule, errors],
  };
}

/** Lets a tenant's identity write through this rule, and through no other. */
export function ingestionRole(
  around: Surroundings,
  {
    tenant,
    into,
    principalId,
  }: { readonly tenant: Tenant; readonly into: IngestionHandle; readonly principalId: Input<string> },
): Resource {
  return roleAssignment(around, {
    name: `role-ingestion-${tenant.key}`,
    role: 'Monitoring Metrics Publisher',
    scope: into.dcrId,
    principalId,
    dependsOn: into.resources,
  });
}
