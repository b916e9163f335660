import { studioSchemaName } from './agent-id.ts';
import { isGuid } from './json-value.ts';

/** Who built an agent, and how. */
export type AgentKind =
  | 'declarative'
  | 'declarative-sharepoint'
  | 'custom-engine'
  | 'microsoft'
  | 'customer-unknown'
  | 'unknown'
  | 'none';

/** What a record says about an agent. */
export interface AgentEvidence {
  readonly agentId: string | null;
  readonly agentName: string | null;
  readonly agentPlatform: string | null;
  readonly appIdentity: string | null;
  readonly targetAgentName: string | null;
  readonly targetPlatformAgentId: string | null;
}

interface Rule {
  readonly kind: AgentKind;
  readonly holds: (evidence: AgentEvidence) => boolean;
}

const matches = (text: string | null, pattern: RegExp): boolean => text !== null && pattern.test(text);

/** A name that only a customer would give: more than one word, and no id. */
function isCustomerName(name: string): boolean {
  return !/^(?:BuiltIn_|T_|P_)/i.test(name) && /\S\s+\S/.test(name) && !isGuid(name);
}

/** The first rule that holds decides. */
const rules: readonly Rule[] = [
  { kind: 'declarative', holds: ({ agentId }) => matches(agentId, /^CopilotStudio\.Declarative\./i) },
  { kind: 'custom-engine', holds: ({ agentId }) => matches(agentId, /^CopilotStudio\.CustomEngine\./i) },
  {
    kind: 'microsoft',
    holds: ({ appIdentity }) => matches(appIdentity, /^(?:Copilot\.M365Copilot|MicrosoftAgent)\./i),
  },
  {
    kind: 'declarative-sharepoint',
    holds: ({ agentId }) => matches(agentId, /^(?:SharePointAgents\.Declarative\.)?SPO_/i),
  },
  { kind: 'custom-engine', holds: ({ agentPlatform }) => matches(agentPlatform, /^CopilotStudio$/i) },
  { kind: 'custom-engine', holds: ({ appIdentity }) => studioSchemaName(appIdentity) !== null },
  { kind: 'custom-engine', holds: ({ appIdentity }) => matches(appIdentity, /^Copilot\.Studio\.CustomEngine\.T_/i) },
  {
    kind: 'customer-unknown',
    holds: ({ targetAgentName }) => targetAgentName !== null && isCustomerName(targetAgentName),
  },
  { kind: 'customer-unknown', holds: ({ appIdentity }) => matches(appIdentity, /^Copilot\.Studio\./i) },
  {
    kind: 'unknown',
    holds: ({ agentId, agentName, targetAgentName, targetPlatformAgentId }) =>
      (agentId ?? agentName ?? targetAgentName ?? targetPlatformAgentId) !== null,
  },
];

/** Kind of the agent that a record names; `none` when it names no agent. */
export function toAgentKind(evidence: AgentEvidence): AgentKind {
  return rules.find(({ holds }) => holds(evidence))?.kind ?? 'none';
}
