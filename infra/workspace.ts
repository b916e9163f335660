/** The workspaces with Sentinel that rows go to. */
import { Workspace } from '@pulumi/azure-native/operationalinsights/index.js';
import { SentinelOnboardingState } from '@pulumi/azure-native/securityinsights/index.js';
import { type CustomResourceOptions, output, type Resource } from '@pulumi/pulumi';
import type { AdoptedWorkspace } from './adopted-workspace.ts';
import { keyOf } from './names.ts';
import type { Configuration, Surroundings, Tenant, WorkspaceHandle } from './types.ts';

type NewWorkspace = Extract<Configuration['workspace'], { readonly mode: 'new' }>;

function newWorkspace(around: Surroundings, wanted: NewWorkspace): WorkspaceHandle {
  const { resourceGroupName, location, tags, keep } = around;
  const workspace = new Workspace(
    'workspace',
    {
      resourceGroupName,
      workspaceName: around.naming.of('log'),
      location,
      sku: {
        name: wanted.sku,
        ...(wanted.capacityGb === undefined ? {} : { capacityReservationLevel: wanted.capacityGb }),
      },
      retentionInDays: wanted.retentionInDays,
      // Left out, a cap that was set before would stay; -1 is none.
      workspaceCapping: { dailyQuotaGb: wanted.dailyCapGb ?? -1 },
      // Rows come through the data collection rule with Entra tokens; workspace keys would be a way around it.
      features: { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true },
      tags,
    },
    keep,
  );
  const sentinel = new SentinelOnboardingState(
    'sentinel',
    {
      resourceGroupName,
      workspaceName: workspace.name,
      // The only name that Sentinel accepts.
      sentinelOnboardingStateName: 'default',
      customerManagedKey: false,
    },
    { ...keep, dependsOn: [workspace] },
  );
  return {
    mode: 'new',
    suffix: '',
    id: workspace.id,
    name: workspace.name,
    resourceGroupName: output(resourceGroupName),
    customerId: workspace.customerId,
    location: output(location),
    subscriptionId: around.subscriptionId,
    ready: [sentinel],
    provider: undefined,
  };
}

function adopted({ id, customerId, location, provider }: AdoptedWorkspace, suffix: string): WorkspaceHandle {
  return {
    mode: 'adopted',
    suffix,
    id: output(id.id),
    name: output(id.name),
    resourceGroupName: output(id.resourceGroupName),
    customerId: output(customerId),
    location: output(location),
    subscriptionId: id.subscriptionId,
    ready: [],
    provider,
  };
}

/** Every workspace of the deployment, and which one a tenant's rows go to. */
export interface Workspaces {
  readonly all: readonly WorkspaceHandle[];
  /** The deployment's own, or the one that all tenants share: logs of the collectors go there. */
  readonly home: WorkspaceHandle;
  readonly of: (tenant: Tenant) => WorkspaceHandle;
}

/** Makes the deployment's own workspace, unless every tenant has one itself, and takes the adopted ones as they are. */
export function workspaces(around: Surroundings, found: readonly AdoptedWorkspace[]): Workspaces {
  const { workspace, tenants } = around.configuration;
  const byId = new Map<string, WorkspaceHandle>();
  const ownId = workspace.mode === 'adopted' ? workspace.id.id.toLowerCase() : 'new';
  if (workspace.mode === 'new' && tenants.some((tenant) => tenant.workspace === undefined))
    byId.set(ownId, newWorkspace(around, workspace));
  for (const one of found) {
    const id = one.id.id.toLowerCase();
    byId.set(id, adopted(one, id === ownId ? '' : `-${keyOf(id)}`));
  }
  const all = [...byId.values()];
  const [home] = all;
  if (home === undefined) throw new Error('there is no workspace: this is a defect of infra/configuration.ts');
  return {
    all,
    home,
    of: (tenant) => {
      const handle = byId.get(tenant.workspace?.id.toLowerCase() ?? ownId);
      if (handle === undefined) throw new Error(`tenant ${tenant.id} has no workspace: this is a defect of infra/`);
      return handle;
    },
  };
}

/** Resource options of what lies in the workspace: after its Sentinel and `dependsOn`, in its subscription. */
export function inWorkspace(of: WorkspaceHandle, dependsOn: readonly Resource[] = []): CustomResourceOptions {
  return {
    dependsOn: [...of.ready, ...dependsOn],
    ...(of.provider === undefined ? {} : { provider: of.provider }),
  };
}
