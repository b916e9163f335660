import { pick } from '../random.ts';
import { envelope } from './envelope.ts';
import { eventData } from './event-data.ts';
import { interaction, microsoftIdentity } from './interaction.ts';
import { copilotFamily, type Family } from './scene.ts';

/** Record types that no list knows yet: recognised by workload, or by carrying CopilotEventData. */
export const future: readonly Family[] = [
  copilotFamily('future-record-type', { perDay: 2 }, (scene) => {
    const common = envelope(scene, { recordType: 512, operation: 'CopilotOrchestration' });
    return { ...common, OrchestrationEventData: { Steps: 3, Outcome: pick(scene.next, ['Completed', 'Cancelled']) } };
  }),
  copilotFamily('future-workload', { perDay: 2 }, (scene) => {
    const common = envelope(scene, { recordType: 513, operation: 'AssistantTurn', workload: 'AssistantRuntime' });
    return { ...common, CopilotEventData: eventData(scene, { appHost: 'AssistantPane' }) };
  }),
  // A surface nobody listed, and a conversation without a single message.
  copilotFamily('unknown-surface', { perDay: 2 }, (scene) =>
    interaction(scene, {
      appHost: pick(scene.next, ['HoloDesk', 'VivaCopilot', 'BashTool']),
      appIdentity: microsoftIdentity(scene.next),
      more: { Messages: pick(scene.next, [null, []]) },
    }),
  ),
];
