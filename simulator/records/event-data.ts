import { chance, int, pick, type Random } from '../random.ts';
import { threadId, type Json, type Scene } from './scene.ts';

/** What a family sets of CopilotEventData; the rest is filled in as the wire does. */
export interface EventDataOptions {
  readonly appHost: string;
  readonly accessed?: readonly Json[];
  readonly contexts?: readonly Json[];
  readonly plugins?: readonly Json[];
  readonly models?: readonly Json[];
  /** Answers to the prompt; 1 by default. */
  readonly responses?: number;
  readonly jailbreak?: boolean;
  readonly more?: { readonly [key: string]: Json | undefined };
}

/** CopilotEventData of an interaction with messages; collections are null or missing now and then. */
export function eventData(scene: Scene, options: EventDataOptions): { readonly [key: string]: Json | undefined } {
  const { next } = scene;
  const odd = next();
  return {
    AISystemPlugin: odd < 0.01 ? null : (options.plugins ?? []),
    AccessedResources: collection(options.accessed ?? [], odd),
    AppHost: options.appHost,
    Contexts: collection(options.contexts ?? [], 1 - odd),
    MessageIds: odd > 0.04 && odd < 0.06 ? undefined : [],
    Messages: messages(scene, options),
    ModelTransparencyDetails: options.models ?? models(next),
    ThreadId: threadId(scene),
    // Added by August 2026: policy was checked later than the answer.
    DLPEvaluationDeferred: odd > 0.995 ? pick(next, [1, 2, 4, 8, 5]) : undefined,
    DLPEvaluationDeferredReason: odd > 0.995 ? pick(next, ['Timeout', 'Service Unavailable']) : undefined,
    MemoryUpdated: odd > 0.9 && odd < 0.92 ? true : undefined,
    LicenseType: scene.user.licensed && odd > 0.5 ? 'Premium' : undefined,
    ...options.more,
  };
}

/** Empty collections vary between [], null and absent. */
function collection(items: readonly Json[], draw: number): Json | undefined {
  if (items.length > 0 || draw > 0.06) return items;
  return draw > 0.03 ? null : undefined;
}

/** Prompt and answers: ids are epoch milliseconds as text; the end of the last answer is the record's time. */
export function messages(
  scene: Scene,
  options: { readonly responses?: number; readonly jailbreak?: boolean } = {},
): Json {
  const { next, timeMs } = scene;
  const odd = next();
  const prompt = timeMs - int(next, 900, 9000);
  const answers = options.responses ?? 1;
  const flag = options.jailbreak === true ? true : odd < 0.7 ? false : undefined;
  const promptMessage =
    odd > 0.99 && flag !== true
      ? { Id: String(prompt), IsPrompt: true }
      : {
          Id: String(prompt),
          isPrompt: true,
          JailbreakDetected: flag,
          Size: odd > 0.97 ? int(next, 20, 4000) : undefined,
        };
  const answerMessages = Array.from({ length: answers }, (_, nth) => ({
    Id: String(prompt + 300 + Math.floor(((nth + 1) * (timeMs - prompt - 300)) / (answers + 1))),
    // A live oddity: the service did not say which side the message is on.
    isPrompt: odd > 0.98 && odd < 0.985 ? null : false,
  }));
  return odd < 0.01 && flag !== true ? answerMessages : [promptMessage, ...answerMessages];
}

/** Models: since 2026 mostly the provider alone, often nothing. */
export function models(next: Random): readonly Json[] {
  const draw = next();
  if (draw < 0.5) return [];
  if (draw < 0.9) return [{ ModelProviderName: chance(next, 0.8) ? 'OpenAI' : 'Anthropic' }];
  return [{ ModelProviderName: 'OpenAI', ModelName: pick(next, ['gpt-4o', 'gpt-5']), ModelVersion: '2026-03-01' }];
}

/** What a record says for "the web was searched" (Purview, "Audit logs for Copilot"). */
export const WEB_SEARCH = { Id: 'BingWebSearch', Name: 'BuiltIn' } as const;
