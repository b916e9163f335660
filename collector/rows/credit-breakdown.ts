import type { InteractionEvent } from '../records/audit-record.ts';
import type { Rates } from './rates.ts';

const equals = (text: string | null, folded: string): boolean => text?.toLowerCase() === folded;

/** Credits by part. */
export interface Breakdown {
  readonly [part: string]: number;
  readonly generative: number;
  readonly grounding: number;
  readonly action: number;
}

/** What the answers, their grounding and the actions of one interaction cost. */
export function toBreakdown(
  { messages, resources, models }: Pick<InteractionEvent, 'messages' | 'resources' | 'models'>,
  rates: Pick<Rates, 'generativeAnswer' | 'tenantGrounding' | 'agentAction'>,
): Breakdown {
  // A message that does not say whether it is a prompt is not billed.
  const answers = messages.reduce((sum, { isPrompt }) => sum + (isPrompt === false ? 1 : 0), 0);
  // Our reading of the rate page, "agent action: triggers, deep reasoning, topic transitions": deep reasoning once a
  // record, and each tool call, which is a resource of type Connector. Records of 2026 often name no model: too low then.
  const deep = models.some(({ name }) => equals(name, 'deep_leo')) ? 1 : 0;
  const calls = resources.reduce((sum, { type }) => sum + (equals(type, 'connector') ? 1 : 0), 0);
  return {
    generative: answers * rates.generativeAnswer,
    grounding: answers * rates.tenantGrounding,
    action: (deep + calls) * rates.agentAction,
  };
}
