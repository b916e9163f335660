import { guid, pick, random } from '../random.ts';
import { interaction } from './interaction.ts';
import { copilotFamily, type Family } from './scene.ts';

/** Copilot in Fabric and Power BI. */
export const fabric: readonly Family[] = [
  copilotFamily('fabric', { weight: 1.2 }, (scene) => ({
    ...interaction(scene, {
      appHost: pick(scene.next, ['Power BI', 'DataWarehousing Core']),
      appIdentity: 'Copilot.Fabric.CopilotforPowerBI',
      contexts: [{ Id: `https://app.powerbi.com/groups/${guid(scene.conversation())}`, Type: '' }],
    }),
    CapacityId: guid(random(scene.tenant.seed, 'fabric-capacity')),
  })),
];
