import { chance, int, pick, pickPopular } from '../random.ts';
import { envelope } from './envelope.ts';
import { copilotFamily, type Family } from './scene.ts';

/** Administration of agents (384): of one agent, and of the tenant's settings for all. */
export const agentAdmin: readonly Family[] = [
  copilotFamily('agent-admin', { perDay: 3, audience: 'admin' }, (scene) => {
    const { next, tenant } = scene;
    const operation = pick(next, ['DeployedAgent', 'RemovedAgent', 'UpdatedAgent']);
    const common = envelope(scene, { recordType: 384, operation, userType: 2 });
    const agent = pickPopular(next, tenant.agents);
    const forAll = chance(next, 0.2);
    return {
      ...common,
      AgentID: agent.id,
      AgentName: agent.name,
      AgentType: int(next, 0, 3),
      UserAssignments: forAll ? [] : Array.from({ length: int(next, 1, 3) }, () => pick(next, tenant.users).id),
      ForAllUsers: forAll,
    };
  }),
  copilotFamily('agent-settings-admin', { perDay: 1, audience: 'admin' }, (scene) => {
    const common = envelope(scene, { recordType: 384, operation: 'UpdatedTenantSettings', userType: 2 });
    const [before, after] = pick(scene.next, [
      ['All', 'None'],
      ['None', 'All'],
      ['All', 'Specific'],
    ] as const);
    return {
      ...common,
      Property: pick(scene.next, ['AllowSharedAgents', 'AllowExternalAgents', 'AllowAgentSharing']),
      OldValue: before,
      NewValue: after,
      AddedIdentities: after === 'Specific' ? [pick(scene.next, scene.tenant.users).id] : [],
      RemovedIdentities: [],
      ForAllUsers: after !== 'Specific',
    };
  }),
];
