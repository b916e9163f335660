/** The default deployment with a container of some size, as the cost estimate of `npm run plan` takes it. */
import type { ArmResource } from '../../../infra/plan/arm.ts';
import { type Cost, costOf } from '../../../infra/plan/cost.ts';
import type { Volume } from '../../../infra/plan/volume.ts';

/** A container of Container Apps: a GiB has half a vCPU there. */
export interface Container {
  readonly vcpus: number;
  readonly gibs: number;
}

const resource = (type: string, body: ArmResource['body'] = {}): ArmResource => ({
  type,
  apiVersion: '',
  name: type,
  id: type,
  dependsOn: [],
  body,
});

/** What it costs in a month, whatever costs something in it: data, container, registry, state. */
export const monthlyCost = ({ vcpus, gibs }: Container, volume: Volume): Cost =>
  costOf(
    [
      resource('Microsoft.OperationalInsights/workspaces', { properties: { retentionInDays: 90, sku: {} } }),
      resource('Microsoft.App/containerApps', {
        properties: { template: { containers: [{ resources: { cpu: vcpus, memory: `${gibs}Gi` }, env: [] }] } },
      }),
      resource('Microsoft.ContainerRegistry/registries', { sku: { name: 'Basic' } }),
      resource('Microsoft.Storage/storageAccounts'),
    ],
    volume,
  );
