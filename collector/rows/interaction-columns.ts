import type { Facts } from '../enrich/facts.ts';
import type { InteractionEvent, Message } from '../records/audit-record.ts';
import { toInteractionType, toMeetingId } from '../records/interaction-type.ts';
import { policyOutcome } from '../records/policy-outcome.ts';
import type { CopilotAuditRow } from '../schema/index.ts';
import { listOrNull } from './or-null.ts';

const equals = (text: string | null, folded: string): boolean => text?.toLowerCase() === folded;

/** True when any says true; false when any says false and none true; null when none says anything. */
function anyTrue(marks: readonly (boolean | null)[]): boolean | null {
  if (marks.includes(true)) return true;
  return marks.includes(false) ? false : null;
}

const count = (messages: readonly Message[], isPrompt: boolean): number =>
  messages.reduce((sum, message) => sum + (message.isPrompt === isPrompt ? 1 : 0), 0);

const distinct = (names: readonly (string | null)[]): readonly string[] | null =>
  listOrNull(new Set(names.filter((name) => name !== null)));

/** Columns that follow from the arrays of an interaction. */
export function interactionColumns(event: InteractionEvent, meeting: Facts['meeting']): Partial<CopilotAuditRow> {
  const { contexts, messages, resources, plugins, models } = event;
  const [model] = models;
  return {
    AIModelName: model?.name ?? null,
    AIModelVersion: model?.version ?? null,
    AIModelProvider: model?.provider ?? null,
    InteractionType: toInteractionType(contexts),
    MeetingId: toMeetingId(contexts),
    MeetingName: meeting?.name ?? null,
    MeetingCreatedTime: meeting?.createdTime ?? null,
    MeetingOrganizer: meeting?.organizer ?? null,
    MessageCount: messages.length,
    PromptCount: count(messages, true),
    ResponseCount: count(messages, false),
    AccessedResourceCount: resources.length,
    PluginIds: distinct(plugins.map(({ id, name }) => id ?? name)),
    WebSearchUsed:
      plugins.some(({ id }) => equals(id, 'bingwebsearch')) ||
      resources.some(({ type }) => equals(type, 'websearchquery')),
    // Detections are also reported as resources of their own.
    JailbreakDetected: resources.some(({ name }) => equals(name, 'jailbreak'))
      ? true
      : anyTrue(messages.map(({ jailbreakDetected }) => jailbreakDetected)),
    IndirectInjectionDetected: resources.some(({ type }) => /IndirectAttack/i.test(type ?? ''))
      ? true
      : anyTrue(resources.map(({ xpiaDetected }) => xpiaDetected)),
    PolicyOutcome: policyOutcome(resources),
    PolicyNames: distinct(resources.flatMap(({ policies }) => policies.map(({ name, id }) => name ?? id))),
  };
}
