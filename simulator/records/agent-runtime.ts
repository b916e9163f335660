import { chance, guid, int, pick, pickPopular } from '../random.ts';
import { envelope, type EnvelopeOptions } from './envelope.ts';
import { copilotFamily, type Family, type Scene, type WireRecord } from './scene.ts';

const TOOLS = [
  ['search_files', 'mcp'],
  ['send_mail', 'connector'],
  ['run_query', 'function'],
] as const;

/** Runs of agents as Agent 365 logs them: invoked by a user, then model and tool calls. */
export const agentRuntime: readonly Family[] = [
  copilotFamily('agent-runtime', { weight: 0.8, perDay: 1, parts: [0, 2000, 3000] }, (scene) =>
    step(scene, [
      'InvokeAgent',
      'InferenceCall',
      pick(scene.conversation(), ['ExecuteToolByGateway', 'ExecuteToolBySDK', 'ExecuteToolByMCPServer']),
    ]),
  ),
  // The names that Purview documents for the same.
  copilotFamily('agent-runtime-purview', { perDay: 2, parts: [0, 1500, 2500, 3500] }, (scene) =>
    step(scene, ['AIInvokeAgent', 'AIInferenceCall', 'AIExecuteTool', 'AIGuardrail']),
  ),
];

function step(scene: Scene, operations: readonly string[]): WireRecord {
  const { next, tenant, part } = scene;
  const invoked = part === 0;
  const nobody: Partial<EnvelopeOptions> = { userId: 'N/A', userKey: 'N/A' };
  const common = envelope(scene, {
    recordType: 261,
    operation: operations[part] ?? 'InvokeAgent',
    ...(invoked ? undefined : nobody),
  });
  const agent = pickPopular(next, tenant.customEngineAgents);
  const conversation = `a:1${guid(next).slice(0, 8)}`;
  const handedOver = chance(next, 0.1);
  const session = `s-${int(next, 100, 99_999)}`;
  const tool = part >= 2 ? pick(next, TOOLS) : null;
  return {
    ...common,
    UserId: invoked && handedOver ? `8:orgid:${scene.user.id}` : common['UserId'],
    AgentId: agent.id,
    // Zeros mark the row of the user's prompt.
    AgentBlueprintId: invoked ? '00000000-0000-0000-0000-000000000000' : agent.blueprintId,
    AgentName: invoked ? '' : agent.name,
    TargetAgentName: invoked ? agent.name : undefined,
    ChannelName: tool === null ? (invoked ? 'msteams' : 'M365Copilot') : undefined,
    ToolName: tool?.[0],
    ToolType: tool?.[1],
    // `parent_child`: one agent handed over to another.
    ConversationId: handedOver ? `${conversation}_a:2child` : conversation,
    SessionIdentity: session,
    ErrorMessage: tool === null ? undefined : chance(next, 0.95) ? '' : 'Tool timed out',
  };
}
