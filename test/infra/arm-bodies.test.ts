/** Every request body of every configuration against Azure's published types, which are not part of this project. */
import { describe, expect, test } from 'vitest';
import { type ArmResource, toArm } from '../../infra/plan/arm.ts';
import { costOf } from '../../infra/plan/cost.ts';
import { defaultVolume } from '../../infra/plan/volume.ts';
import { TYPES, hasTypes, misfits } from './azure-types.ts';
import { configurationNames, configurations } from './configurations.ts';
import { planned } from './runs.ts';

/** What the types say and Azure does not, each with the reason. */
const falseAlarms: readonly { readonly pattern: RegExp; readonly reason: string }[] = [
  {
    pattern:
      /^Microsoft\.Insights\/dataCollectionRules \$\.properties\.dataFlows\[\d+\]\.streams\[0\]: "Custom-\w+" is none/,
    reason: 'the enumeration names streams of agents only; own streams start with Custom- (azure-rest-api-specs 21200)',
  },
  {
    pattern: /^Microsoft\.OperationalInsights\/workspaces\/tables \$\.properties\.(r|totalR)etentionInDays: below 4$/,
    reason: '-1 stands for the workspace’s retention; the description says so, the minimum does not',
  },
];

/** Types whose definitions were not published with the others. */
const unchecked = new Set([
  'Microsoft.Resources/resourceGroups',
  'Microsoft.ContainerRegistry/registries',
  'Microsoft.ContainerRegistry/registries/taskRuns',
  'Microsoft.Network/virtualNetworks',
  'Microsoft.Network/privateDnsZones',
  'Microsoft.Network/privateDnsZones/virtualNetworkLinks',
  'Microsoft.Network/privateEndpoints',
  'Microsoft.Network/privateEndpoints/privateDnsZoneGroups',
  'Microsoft.Insights/privateLinkScopes',
  'Microsoft.Insights/privateLinkScopes/scopedResources',
  'Microsoft.Insights/actionGroups',
  'Microsoft.Insights/scheduledQueryRules',
  'Microsoft.Insights/metricAlerts',
]);

/** What does not fit, known false alarms left out. */
function problemsOf({ type, apiVersion, name, body }: ArmResource): readonly string[] {
  const found = misfits(type, apiVersion, { name: name.slice(name.lastIndexOf('/') + 1), ...body });
  if (found === undefined) return unchecked.has(type) ? [] : [`${type}@${apiVersion}: no published type to check with`];
  return found
    .map((problem) => `${type} ${problem}`)
    .filter((problem) => !falseAlarms.some(({ pattern }) => pattern.test(problem)))
    .map((problem) => `${name}: ${problem}`);
}

describe.skipIf(!hasTypes)(`request bodies and Azure's types${hasTypes ? '' : ` (skipped: no ${TYPES})`}`, () => {
  test.for(configurationNames)('every body of %s fits', async (name) => {
    const resources = toArm(await planned(configurations[name]));
    expect(resources.length).toBeGreaterThan(20);
    expect(resources.flatMap(problemsOf)).toEqual([]);
  });

  test.for([
    { type: 'workspaces/tables', break: { properties: { plan: 'Analitics' } }, says: 'none of' },
    { type: 'workspaces/tables', break: { properties: { retentionInDay: 30 } }, says: 'not a property of' },
    { type: 'dataCollectionRules', break: { location: undefined }, says: 'required by' },
    { type: 'containerApps', break: { properties: { environmentID: 'x' } }, says: 'did you mean environmentId?' },
    { type: 'storageAccounts', break: { sku: 'Standard_LRS' }, says: 'got string' },
  ])('a body that does not fit is found: $break', async ({ type, break: change, says }) => {
    const resource = toArm(await planned(configurations.new)).find((one) => one.type.endsWith(type));
    expect(resource).toBeDefined();
    const broken = { ...(resource as ArmResource), body: { ...resource?.body, ...change } };
    expect(problemsOf(broken).join('\n')).toContain(says);
  });
});

test.for(configurationNames)(
  'every resource of %s is whole: an id, an API version, dependencies that exist',
  async (name) => {
    const resources = toArm(await planned(configurations[name]));
    const ids = new Set(resources.map(({ id }) => id));
    expect(ids.size).toBe(resources.length);
    for (const { id, apiVersion, dependsOn } of resources) {
      expect(id).toMatch(/^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[^/]+/);
      expect(apiVersion).toMatch(/^\d{4}-\d\d-\d\d(-preview)?$/);
      expect(dependsOn.filter((one) => !ids.has(one))).toEqual([]);
    }
  },
);

test.for(configurationNames)('the estimate knows the price of everything in %s', async (name) => {
  expect(costOf(toArm(await planned(configurations[name])), defaultVolume).notPriced).toEqual([]);
});
