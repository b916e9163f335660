import { chance, int, pick, pickPopular } from '../random.ts';
import { WEB_SEARCH } from './event-data.ts';
import { interaction } from './interaction.ts';
import { fileResource, someFile } from './resources.ts';
import { copilotFamily, type Family } from './scene.ts';

/** Agents that leave one record for a turn: of SharePoint sites, declarative, and Microsoft's own. */
export const agents: readonly Family[] = [
  copilotFamily('sharepoint-agent', { weight: 2 }, (scene) => {
    const { next, tenant } = scene;
    const agent = pickPopular(next, tenant.plainAgents.sharepoint);
    return interaction(scene, {
      appHost: chance(next, 0.8) ? 'SharePoint' : 'Teams',
      appIdentity: 'Copilot.MicrosoftCopilot.Microsoft365Copilot',
      // The same agent with and without its prefix.
      agent: {
        AgentId: chance(next, 0.7) ? `SharePointAgents.Declarative.${agent.id}` : agent.id,
        AgentName: agent.name,
      },
      accessed: [
        fileResource(
          next,
          someFile(scene, ({ site }) => site === agent.site),
        ),
      ],
      contexts: [{ Id: `${agent.site?.url}/SitePages/Home.aspx`, Type: 'aspx' }],
    });
  }),
  copilotFamily('declarative-agent', { weight: 3 }, (scene) => {
    const { next, tenant } = scene;
    const agent = pickPopular(next, tenant.plainAgents.declarative);
    return interaction(scene, {
      appHost: pick(next, ['Office', 'Teams', 'BizChat']),
      appIdentity: 'Copilot.MicrosoftCopilot.Microsoft365Copilot',
      agent: { AgentId: `CopilotStudio.Declarative.${agent.id}`, AgentName: agent.name, AgentVersion: agent.version },
      plugins: agent.name === 'JiraStatusAgent' ? [{ Id: 'JiraPlugin', Name: 'Jira', Version: '1.2' }] : [],
      responses: int(next, 1, 2),
    });
  }),
  copilotFamily('microsoft-agent', { weight: 2, audience: 'licensed' }, (scene) => {
    const { next, tenant } = scene;
    const agent = pickPopular(next, tenant.plainAgents.microsoft);
    return interaction(scene, {
      appHost: 'Office',
      appIdentity: `MicrosoftAgent.${agent.name}.${agent.id}`,
      agent: { AgentId: agent.id, AgentName: agent.name },
      plugins: [WEB_SEARCH],
      models: [{ ModelProviderName: chance(next, 0.5) ? 'Anthropic' : 'OpenAI' }],
      more: { LicenseType: 'Premium', TargetAgentName: agent.name },
    });
  }),
  // Cowork names no model.
  copilotFamily('cowork', { weight: 0.3, perDay: 1, audience: 'licensed' }, (scene) =>
    interaction(scene, {
      appHost: 'Cowork',
      appIdentity: 'Copilot.M365Copilot.CoworkChat',
      models: [],
      responses: int(scene.next, 1, 3),
    }),
  ),
];
