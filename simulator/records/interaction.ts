import { chance, type Random } from '../random.ts';
import { envelope, type EnvelopeOptions } from './envelope.ts';
import { eventData, type EventDataOptions } from './event-data.ts';
import type { Json, Scene, WireRecord } from './scene.ts';

/** The parts of a CopilotInteraction record that a family sets. */
export interface InteractionOptions extends EventDataOptions {
  readonly appIdentity: Json | undefined;
  /** Fields about the agent; placed on the record or, now and then, in CopilotEventData. */
  readonly agent?: { readonly [key: string]: Json | undefined };
  readonly envelope?: Partial<EnvelopeOptions>;
}

/** A record of type 261 with messages. */
export function interaction(scene: Scene, options: InteractionOptions): WireRecord {
  const common = envelope(scene, { recordType: 261, operation: 'CopilotInteraction', ...options.envelope });
  const inside = options.agent !== undefined && chance(scene.next, 0.1);
  return {
    ...common,
    ...(inside ? undefined : options.agent),
    AppIdentity: options.appIdentity,
    CopilotLogVersion: chance(scene.next, 0.8) ? '1.0.0.0' : undefined,
    CopilotEventData: eventData(scene, inside ? { ...options, more: { ...options.agent, ...options.more } } : options),
  };
}

/** AppIdentity of Microsoft's own chat and office surfaces; absent on old clients, an object in rare exports. */
export function microsoftIdentity(next: Random): Json | undefined {
  const draw = next();
  if (draw < 0.55) return 'Copilot.MicrosoftCopilot.Microsoft365Copilot';
  if (draw < 0.95) return 'Copilot.MicrosoftCopilot.BizChat';
  if (draw < 0.955)
    return { AppId: 'fb8d773d-7ef8-4ec0-a117-179f88add510', DisplayName: 'Copilot.MicrosoftCopilot.BizChat' };
  return undefined;
}
