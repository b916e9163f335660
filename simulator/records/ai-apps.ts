import { guid, int, pick, random } from '../random.ts';
import { envelope } from './envelope.ts';
import { copilotFamily, type Family, type Json, type Scene } from './scene.ts';

/** AI applications that are not Microsoft's Copilot: registered ones (328) and those seen on the network (284). */
export const aiApps: readonly Family[] = [
  copilotFamily('connected-ai-app', { weight: 0.8, perDay: 1 }, (scene) => ({
    ...envelope(scene, { recordType: 328, operation: 'ConnectedAIAppInteraction', workload: 'ConnectedAIApp' }),
    AppIdentity: pick(scene.next, [
      `ConnectedAIApp.Entra.${guid(random(scene.tenant.seed, 'connected-app'))}`,
      'ConnectedAIApp.AzureAI.contoso-chat',
    ]),
    CopilotEventData: conversation(scene, 'Contoso GPT', 1),
  })),
  copilotFamily('ai-app', { weight: 1.2, perDay: 1 }, (scene) => ({
    ...envelope(scene, { recordType: 284, operation: 'AIAppInteraction', workload: 'AIApp' }),
    AppIdentity: `AIApp.SaaS.${pick(scene.next, ['ChatGPT', 'Gemini', 'DeepSeek'])}`,
    CopilotEventData: conversation(scene, 'Edge', 0),
  })),
];

function conversation(scene: Scene, appHost: string, answers: number): Json {
  return {
    AISystemPlugin: [],
    AccessedResources: [],
    AppHost: appHost,
    Contexts: [],
    MessageIds: [],
    Messages: Array.from({ length: 1 + answers }, (_, nth) => ({ Id: `m${nth + 1}`, isPrompt: nth === 0 })),
    ModelTransparencyDetails: [],
    ThreadId: `thread-${int(scene.conversation(), 1000, 9_999_999)}`,
  };
}
