import { describe, expect, it } from 'vitest';
import type { Plan } from '../../infra/plan/plan.ts';
import { IMAGE, planned } from './runs.ts';

const publicRun = () => planned({ config: { 'image.ref': IMAGE } });
const privateRun = () => planned({ config: { 'image.ref': IMAGE, network: 'private' } });
const governmentRun = () =>
  planned({
    config: {
      'azure-native:location': 'usgovvirginia',
      'azure-native:environment': 'usgovernment',
      'azuread:environment': 'usgovernment',
      cloud: 'gcc-high',
      'image.ref': IMAGE,
      network: 'private',
    },
  });

const typed = (plan: Plan, end: string) => plan.registrations.filter(({ type }) => type.endsWith(`:${end}`));
function named(plan: Plan, name: string) {
  const found = plan.registrations.find((one) => one.name === name);
  if (found === undefined) throw new Error(`nothing is named ${name}`);
  return found;
}

describe('network=public', () => {
  it('adds no network', async () => {
    const plan = await publicRun();
    expect(plan.registrations.filter(({ type }) => /:network:|:privatedns:|PrivateLink/.test(type))).toEqual([]);
    expect(named(plan, 'state').inputs).toMatchObject({
      publicNetworkAccess: 'Enabled',
      networkRuleSet: { defaultAction: 'Allow' },
    });
  });
});

describe('network=private', () => {
  it('closes state and endpoint to the internet', async () => {
    const plan = await privateRun();
    expect(named(plan, 'state').inputs).toMatchObject({
      publicNetworkAccess: 'Disabled',
      networkRuleSet: { defaultAction: 'Deny', bypass: 'None' },
    });
    expect(named(plan, 'endpoint').inputs).toMatchObject({ networkAcls: { publicNetworkAccess: 'Disabled' } });
  });

  it('puts collectors into a subnet of their own', async () => {
    const plan = await privateRun();
    const { inputs, id } = named(plan, 'network');
    const subnets = inputs['subnets'] as readonly { readonly name: string }[];
    expect(subnets.find(({ name }) => name === 'apps')).toMatchObject({
      delegations: [{ serviceName: 'Microsoft.App/environments' }],
    });
    expect(named(plan, 'app-environment').inputs).toMatchObject({
      vnetConfiguration: { infrastructureSubnetId: `${id}/subnets/apps` },
    });
  });

  it('reaches blobs and Azure Monitor over private endpoints, whose names resolve in the network', async () => {
    const plan = await privateRun();
    const target = (name: string, group: string) => ({
      subnet: { id: `${named(plan, 'network').id}/subnets/endpoints` },
      privateLinkServiceConnections: [{ privateLinkServiceId: named(plan, name).id, groupIds: [group] }],
    });
    expect(named(plan, 'endpoint-state').inputs).toMatchObject(target('state', 'blob'));
    expect(named(plan, 'endpoint-monitor').inputs).toMatchObject(target('link-scope', 'azuremonitor'));
    const zones = typed(plan, 'PrivateZone');
    expect(zones.map(({ inputs }) => String(inputs['privateZoneName'])).sort()).toEqual([
      'privatelink.agentsvc.azure-automation.net',
      'privatelink.blob.core.windows.net',
      'privatelink.monitor.azure.com',
      'privatelink.ods.opinsights.azure.com',
      'privatelink.oms.opinsights.azure.com',
    ]);
    const links = typed(plan, 'VirtualNetworkLink');
    expect(links.map(({ inputs }) => String(inputs['privateZoneName'])).sort()).toEqual(
      zones.map(({ inputs }) => String(inputs['privateZoneName'])).sort(),
    );
    for (const { inputs } of links)
      expect(inputs).toMatchObject({
        registrationEnabled: false,
        resolutionPolicy: 'NxDomainRedirect',
        virtualNetwork: { id: named(plan, 'network').id },
      });
  });

  it('lets the endpoint into the link scope, which shuts nobody else out', async () => {
    const plan = await privateRun();
    expect(typed(plan, 'PrivateLinkScopedResource').map(({ inputs }) => inputs['linkedResourceId'])).toEqual([
      named(plan, 'endpoint').id,
    ]);
    expect(named(plan, 'link-scope').inputs).toMatchObject({
      accessModeSettings: { ingestionAccessMode: 'Open', queryAccessMode: 'Open' },
    });
  });

  it('is whole before a collector starts', async () => {
    const plan = await privateRun();
    const [app] = typed(plan, 'ContainerApp');
    const records = ['endpoint-records-state', 'endpoint-records-monitor'].map((name) => named(plan, name).urn);
    expect(app?.dependencies).toEqual(expect.arrayContaining(records));
  });

  it("uses the government cloud's own names there", async () => {
    const plan = await governmentRun();
    const zones = typed(plan, 'PrivateZone').map(({ inputs }) => String(inputs['privateZoneName']));
    expect(zones).toContain('privatelink.blob.core.usgovcloudapi.net');
    expect(zones.filter((zone) => zone.includes('opinsights') || zone.includes('monitor'))).toEqual([
      'privatelink.monitor.azure.us',
      'privatelink.oms.opinsights.azure.us',
      'privatelink.ods.opinsights.azure.us',
    ]);
  });
});
