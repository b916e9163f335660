import { chance, int, pick, pickPopular, type Random } from '../random.ts';
import { envelope } from './envelope.ts';
import { copilotFamily, threadId, type Family, type Json } from './scene.ts';
import { studioIdentity } from './studio.ts';

const CONNECTORS = [
  ['SendEmailV2', 'Office 365 Outlook'],
  ['GetItems', 'SharePoint'],
  ['mcp_SharePoint_search', 'SharePoint MCP server'],
  ['CreateRecord', 'Microsoft Dataverse'],
  ['HttpRequest', 'HTTP with Microsoft Entra ID'],
] as const;

/** Agent flows that run without a person; their tool calls are accessed resources of type Connector. */
export const autonomous: readonly Family[] = [
  copilotFamily('autonomous', { weight: 2 }, (scene) => {
    const { next, tenant } = scene;
    const common = envelope(scene, {
      recordType: 261,
      operation: 'CopilotInteraction',
      userType: 5,
      userId: 'agent-flow@contoso.example',
      userKey: '0',
      client: 'none',
    });
    const agent = pickPopular(next, tenant.customEngineAgents);
    const calls = Array.from({ length: int(next, 1, 4) }, (): Json => {
      const [Action, Name] = pickPopular(next, CONNECTORS);
      return { Action, Name, Type: 'Connector', Status: chance(next, 0.95) ? 'success' : 'failure' };
    });
    return {
      ...common,
      AgentId: agent.id,
      AgentName: chance(next, 0.8) ? agent.name : undefined,
      AgentPlatform: 'CopilotStudio',
      AppIdentity: studioIdentity(agent),
      CopilotEventData: {
        AISystemPlugin: [],
        AccessedResources: chance(next, 0.25) ? [...calls, webhook(next)] : calls,
        AppHost: 'Autonomous',
        Contexts: [],
        MessageIds: [],
        Messages: [],
        ModelTransparencyDetails: [],
        ThreadId: threadId(scene),
      },
    };
  }),
];

/** Runtime protection of Defender: its verdict on a tool call is one sentence in Action. */
function webhook(next: Random): Json {
  const [tool] = pick(next, CONNECTORS);
  const kind = pick(next, ['PrebuiltToolDefinition', 'DynamicServerToolDefinition', 'ToolDefinition']);
  const blocked = chance(next, 0.1);
  return {
    Action: `Evaluated tool name: ${tool}, Evaluated tool type: ${kind}, Fail close configuration is set to: ${
      blocked ? 'True' : 'False'
    }, Reason: ${blocked ? 'Blocked by policy' : 'Allowed'}`,
    Name: 'Microsoft Defender',
    Type: 'SecurityWebhook',
    Status: blocked ? 'failure' : 'success',
  };
}
