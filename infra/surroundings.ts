/** Where everything is registered: group, region, names, tags, and whether data is kept. */
import { ResourceGroup } from '@pulumi/azure-native/resources/index.js';
import { naming as namesOf } from './names.ts';
import type { Configuration, Surroundings } from './types.ts';

/** Who deploys to where. */
export interface Deployment {
  readonly stack: string;
  readonly subscriptionId: string;
  /** Tenant of the subscription. */
  readonly tenantId: string;
  /** Regions of adopted workspaces, the deployment's own first. */
  readonly regions: readonly string[];
}

/** Registers the resource group; it holds everything but what lies in an adopted workspace. */
export function surroundings(configuration: Configuration, into: Deployment): Surroundings {
  const naming = namesOf(configuration.name, into.stack, into.subscriptionId);
  const location = configuration.location ?? into.regions[0];
  if (location === undefined) throw new Error('no region: this is a defect of infra/configuration-checks.ts');
  const tags = { product: 'copilot-sentinel', stack: into.stack };
  const keep = { protect: !configuration.deleteData, retainOnDelete: !configuration.deleteData };
  // Kept as the data in it is: removing a group removes all that it holds.
  const group = new ResourceGroup('group', { resourceGroupName: naming.of('rg'), location, tags }, keep);
  return {
    naming,
    configuration,
    resourceGroupName: group.name,
    location,
    subscriptionId: into.subscriptionId,
    azureTenantId: into.tenantId.toLowerCase(),
    tags,
    keep,
  };
}
