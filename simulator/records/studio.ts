import { chance, guid, pickPopular, pick } from '../random.ts';
import type { CustomEngineAgent } from '../tenant/agents.ts';
import { envelope } from './envelope.ts';
import { messages, models } from './event-data.ts';
import { fileResource, someFile } from './resources.ts';
import { copilotFamily, threadId, type Family, type Scene, type WireRecord } from './scene.ts';

/** Custom engine agents of Copilot Studio: runtime and client records of one turn, and the maker's test pane. */
export const studio: readonly Family[] = [
  // The client's record follows the runtime's by a few seconds and may become available hours apart from it.
  copilotFamily('studio-twins', { weight: 4, parts: [0, 4000] }, (scene) => {
    const turn = startTurn(scene);
    return scene.part === 0 ? runtime(scene, turn, 'm365copilot') : client(scene, turn);
  }),
  copilotFamily('studio-teams', { weight: 2 }, (scene) => runtime(scene, startTurn(scene), 'Microsoft Teams')),
  copilotFamily('studio-test-pane', { perDay: 3, audience: 'maker' }, (scene) => {
    const { agent, common, conversationId } = startTurn(scene);
    return {
      ...common,
      AppIdentity: studioIdentity(agent),
      AgentPlatform: 'CopilotStudio',
      AgentId: agent.id,
      CopilotEventData: {
        AppHost: 'Copilot Studio',
        AccessedResources: [],
        ConversationId: conversationId,
        MessageIds: [],
        ThreadId: threadId(scene),
      },
    };
  }),
];

interface Turn {
  readonly common: WireRecord;
  readonly agent: CustomEngineAgent;
  readonly conversationId: string;
}

/** What both halves of twins share; drawn first, so that both draw the same. */
function startTurn(scene: Scene): Turn {
  const common = envelope(scene, { recordType: 261, operation: 'CopilotInteraction' });
  const agent = pickPopular(scene.next, scene.tenant.customEngineAgents);
  return { common, agent, conversationId: guid(scene.next) };
}

/** `Copilot.Studio.<environment>-<schema name>`. */
export function studioIdentity(agent: CustomEngineAgent): string {
  return `Copilot.Studio.${agent.environment}-${agent.schemaName}`;
}

function runtime(scene: Scene, { common, agent, conversationId }: Turn, appHost: string): WireRecord {
  const platformAgentId = `${agent.environment}_${agent.botId}`;
  return {
    ...common,
    AgentId: agent.id,
    AgentBlueprintId: agent.blueprintId,
    AgentPlatform: 'CopilotStudio',
    AppIdentity: studioIdentity(agent),
    PlatformAgentId: platformAgentId,
    CopilotLogVersion: '1.0.0.0',
    CopilotEventData: {
      AppHost: appHost,
      AccessedResources: [],
      ConversationId: conversationId,
      MessageIds: [],
      PlatformAgentId: platformAgentId,
      PlatformAgentType: 'CopilotStudio',
      ThreadId: threadId(scene),
    },
  };
}

function client(scene: Scene, { common, agent, conversationId }: Turn): WireRecord {
  const { next } = scene;
  const title = `T_${agent.titleId}`;
  const inside = chance(next, 0.1);
  const about = { AgentId: `${title}.${agent.id}`, AgentName: agent.name, AgentVersion: agent.version };
  return {
    ...common,
    ...(inside ? undefined : about),
    AppIdentity: `Copilot.Studio.CustomEngine.${title}`,
    CopilotLogVersion: '1.0.0.0',
    CopilotEventData: {
      ...(inside ? about : undefined),
      AISystemPlugin: [],
      AccessedResources: chance(next, 0.6) ? [fileResource(next, someFile(scene))] : [],
      AppHost: pick(next, ['Office', 'BizChat', 'M365App']),
      Contexts: [],
      MessageIds: [],
      Messages: messages(scene),
      ModelTransparencyDetails: models(next),
      // Not the runtime's thread: only ConversationId joins the two.
      ThreadId: `19:${guid(next).replaceAll('-', '')}@thread.v2`,
      ConversationId: conversationId,
      LicenseType: scene.user.licensed ? 'Premium' : undefined,
      TargetAgentName: agent.name,
      TargetPlatformAgentId: title,
    },
  };
}
