/** What `network=private` adds: a virtual network of its own, and private endpoints for state and rows. */
import { PrivateLinkScope, PrivateLinkScopedResource } from '@pulumi/azure-native/monitor/index.js';
import { PrivateDnsZoneGroup, PrivateEndpoint, VirtualNetwork } from '@pulumi/azure-native/network/index.js';
import { PrivateZone, VirtualNetworkLink } from '@pulumi/azure-native/privatedns/index.js';
import { type Input, interpolate, type Resource } from '@pulumi/pulumi';
import { keyOf } from './names.ts';
import type {
  IngestionHandle,
  NetworkHandle,
  StateHandle,
  StorageExport,
  Surroundings,
  WorkspaceHandle,
} from './types.ts';

// https://learn.microsoft.com/azure/private-link/private-endpoint-dns
const ZONES = {
  public: {
    blob: ['privatelink.blob.core.windows.net'],
    monitor: [
      'privatelink.monitor.azure.com',
      'privatelink.oms.opinsights.azure.com',
      'privatelink.ods.opinsights.azure.com',
      'privatelink.agentsvc.azure-automation.net',
    ],
  },
  usgovernment: {
    blob: ['privatelink.blob.core.usgovcloudapi.net'],
    monitor: [
      'privatelink.monitor.azure.us',
      'privatelink.oms.opinsights.azure.us',
      'privatelink.ods.opinsights.azure.us',
      'privatelink.agentsvc.azure-automation.us',
    ],
  },
} as const;

// The network meets no other, so its addresses need not be free elsewhere. An environment with workload profiles needs
// /27 or more; Azure keeps 14 addresses of it.
const ADDRESSES = '10.201.0.0/24';
const APPS_ADDRESSES = '10.201.0.0/26';
const ENDPOINT_ADDRESSES = '10.201.0.64/27';

interface Zone {
  readonly zone: PrivateZone;
  readonly link: VirtualNetworkLink;
}

/** A network with its private DNS zones. */
export interface PrivateNetwork extends NetworkHandle {
  readonly blobZones: readonly Zone[];
  readonly monitorZones: readonly Zone[];
}

/** The virtual network, its subnets, and the DNS zones that make hosts resolve to private endpoints in it. */
export function network(around: Surroundings): PrivateNetwork {
  const { resourceGroupName, location, tags, naming } = around;
  const resource = new VirtualNetwork('network', {
    resourceGroupName,
    virtualNetworkName: naming.of('vnet'),
    location,
    addressSpace: { addressPrefixes: [ADDRESSES] },
    // In the network itself: subnets registered one by one collide in Azure, which takes one change at a time.
    subnets: [
      {
        name: 'apps',
        addressPrefix: APPS_ADDRESSES,
        delegations: [{ name: 'apps', serviceName: 'Microsoft.App/environments' }],
      },
      { name: 'endpoints', addressPrefix: ENDPOINT_ADDRESSES },
    ],
    tags,
  });
  const zonesOf = (names: readonly string[]): readonly Zone[] =>
    names.map((name) => {
      const zone = new PrivateZone(`zone-${name}`, {
        resourceGroupName,
        privateZoneName: name,
        location: 'global',
        tags,
      });
      const link = new VirtualNetworkLink(
        `zone-link-${name}`,
        {
          resourceGroupName,
          privateZoneName: zone.name,
          virtualNetworkLinkName: naming.of('link'),
          location: 'global',
          registrationEnabled: false,
          // Others have private endpoints too, and the registry's layers may lie behind one: what is not in our zone is
          // asked for in public.
          resolutionPolicy: 'NxDomainRedirect',
          virtualNetwork: { id: resource.id },
          tags,
        },
        { dependsOn: [zone, resource] },
      );
      return { zone, link };
    });
  const names = ZONES[around.configuration.environment];
  return {
    appsSubnetId: interpolate`${resource.id}/subnets/apps`,
    endpointsSubnetId: interpolate`${resource.id}/subnets/endpoints`,
    resources: [resource],
    blobZones: zonesOf(names.blob),
    monitorZones: zonesOf(names.monitor),
  };
}

/** A private endpoint and its DNS records; the answer is what a client of it depends on. */
function endpoint(
  around: Surroundings,
  within: PrivateNetwork,
  to: {
    readonly name: string;
    readonly resourceId: Input<string>;
    readonly groupId: string;
    readonly zones: readonly Zone[];
    readonly dependsOn: readonly Resource[];
  },
): readonly Resource[] {
  const { resourceGroupName, location, tags, naming } = around;
  const resource = new PrivateEndpoint(
    `endpoint-${to.name}`,
    {
      resourceGroupName,
      privateEndpointName: naming.of('pe', to.name),
      location,
      subnet: { id: within.endpointsSubnetId },
      privateLinkServiceConnections: [{ name: to.name, privateLinkServiceId: to.resourceId, groupIds: [to.groupId] }],
      tags,
    },
    { dependsOn: [...within.resources, ...to.dependsOn] },
  );
  const records = new PrivateDnsZoneGroup(
    `endpoint-records-${to.name}`,
    {
      resourceGroupName,
      privateEndpointName: resource.name,
      privateDnsZoneGroupName: 'default',
      privateDnsZoneConfigs: to.zones.map(({ zone }) => ({ name: zone.name, privateDnsZoneId: zone.id })),
    },
    { dependsOn: [resource, ...to.zones.flatMap(({ zone, link }) => [zone, link])] },
  );
  return [resource, records];
}

/** Makes the state reachable from within the network only; its public access is off already. */
export function privateState(around: Surroundings, within: PrivateNetwork, state: StateHandle): readonly Resource[] {
  return endpoint(around, within, {
    name: 'state',
    resourceId: state.accountId,
    groupId: 'blob',
    zones: within.blobZones,
    dependsOn: state.resources,
  });
}

/**
 * Lets collectors reach storage accounts of others from within the network, as far as these are closed to the public.
 * Whoever runs the program approves the connection by being allowed to.
 */
export function privateExports(
  around: Surroundings,
  within: PrivateNetwork,
  accounts: readonly StorageExport[],
): readonly Resource[] {
  return accounts.flatMap(({ id }) =>
    endpoint(around, within, {
      name: `export-${keyOf(id)}`,
      resourceId: id,
      groupId: 'blob',
      zones: within.blobZones,
      dependsOn: [],
    }),
  );
}

/** Makes the data collection endpoints reachable from within the network only.
 *
 *  A private link scope rewrites Azure Monitor's names for every network that shares its DNS zones. These zones are
 *  linked to our own network alone, so nobody else's monitoring changes; what is outside of the scope stays reachable
 *  (access mode Open). */
export function privateIngestion(
  around: Surroundings,
  within: PrivateNetwork,
  into: readonly { readonly workspace: WorkspaceHandle; readonly ingestion: IngestionHandle }[],
): readonly Resource[] {
  const { resourceGroupName, tags, naming } = around;
  const scope = new PrivateLinkScope('link-scope', {
    resourceGroupName,
    scopeName: naming.of('pls'),
    location: 'global',
    accessModeSettings: { ingestionAccessMode: 'Open', queryAccessMode: 'Open' },
    tags,
  });
  const members = into.map(
    ({ workspace: { suffix }, ingestion }) =>
      new PrivateLinkScopedResource(
        `link-scope-endpoint${suffix}`,
        {
          resourceGroupName,
          scopeName: scope.name,
          name: naming.of('dce', suffix === '' ? undefined : suffix.slice(1)),
          linkedResourceId: ingestion.dceId,
        },
        { dependsOn: [scope, ...ingestion.resources] },
      ),
  );
  return endpoint(around, within, {
    name: 'monitor',
    resourceId: scope.id,
    groupId: 'azuremonitor',
    // Azure Monitor's endpoint has records in the zone of blob storage as well.
    zones: [...within.monitorZones, ...within.blobZones],
    dependsOn: [scope, ...members],
  });
}
