import { isGuid } from './json-value.ts';

/** Which half of one Copilot Studio agent turn a record is. The pair itself is found by query: halves arrive hours apart. */
export type TwinRole = 'runtime' | 'client' | 'none';

/** What tells the halves apart. */
export interface TwinEvidence {
  readonly appHost: string | null;
  readonly agentId: string | null;
  readonly agentBlueprintId: string | null;
  readonly messageCount: number;
}

/**
 * `runtime`: the agent's own record (host m365copilot or Microsoft Teams, bare agent id or blueprint, no messages);
 * `client`: the record of the application (T_ agent id, messages); `none`: neither.
 */
export function toTwinRole({ appHost, agentId, agentBlueprintId, messageCount }: TwinEvidence): TwinRole {
  const host = appHost?.trim().toLowerCase();
  if (messageCount > 0) return /^T_/i.test(agentId ?? '') ? 'client' : 'none';
  const isRuntimeHost = host === 'm365copilot' || host === 'microsoft teams';
  return isRuntimeHost && (isGuid(agentId ?? '') || agentBlueprintId !== null) ? 'runtime' : 'none';
}
