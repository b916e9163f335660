import { PROMPT_CANARIES } from '../canaries.ts';
import { guid, pick } from '../random.ts';
import { envelope } from './envelope.ts';
import { copilotFamily, type Family } from './scene.ts';

/** Scheduled prompts (363): the one record type that is documented to carry the text of a prompt. */
export const scheduledPrompt: readonly Family[] = [
  copilotFamily('scheduled-prompt', { weight: 0.6, perDay: 1, audience: 'licensed' }, (scene) => ({
    ...envelope(scene, { recordType: 363, operation: 'ScheduledPromptExecute' }),
    ScenarioType: 'ScheduledPrompt',
    PromptText: pick(scene.next, PROMPT_CANARIES),
    AutomationId: guid(scene.next),
    TriggerMode: pick(scene.next, ['0 7 * * 1-5', '0 16 * * 5', '30 8 1 * *']),
  })),
];
