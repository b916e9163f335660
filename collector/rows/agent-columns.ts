import type { Facts } from '../enrich/facts.ts';
import { toAgentIds, toAgentName } from '../records/agent-id.ts';
import { toAgentKind, type AgentKind } from '../records/agent-kind.ts';
import type { AuditRecord } from '../records/audit-record.ts';
import { toTwinRole, type TwinRole } from '../records/twin-role.ts';
import type { CopilotAuditRow } from '../schema/index.ts';

/** What decides both the agent columns and the credits. */
export interface AgentMarks {
  readonly kind: AgentKind;
  readonly twinRole: TwinRole;
}

/** Kind of the agent, and the half of a turn that the record is. */
export function agentMarks({ agent, appIdentity, appHost, event }: AuditRecord): AgentMarks {
  return {
    kind: toAgentKind({
      agentId: agent.id,
      agentName: agent.name,
      agentPlatform: agent.platform,
      appIdentity,
      targetAgentName: agent.targetName,
      targetPlatformAgentId: agent.targetPlatformAgentId,
    }),
    twinRole: toTwinRole({
      appHost,
      agentId: agent.id,
      agentBlueprintId: agent.blueprintId,
      messageCount: event?.messages.length ?? 0,
    }),
  };
}

/** Columns about the agent: the record's own word, then the catalogue's, then what an id tells. */
export function agentColumns(
  { agent, appIdentity }: AuditRecord,
  { kind, twinRole }: AgentMarks,
  catalogued: Facts['agent'],
): Partial<CopilotAuditRow> {
  const ids = toAgentIds(agent.id, appIdentity, agent.targetPlatformAgentId);
  return {
    AgentId: agent.id,
    AgentName: agent.name ?? catalogued?.name ?? toAgentName(null, appIdentity),
    AgentVersion: agent.version,
    AgentBlueprintId: agent.blueprintId,
    AgentPlatform: agent.platform,
    PlatformAgentId: agent.platformAgentId,
    TargetAgentName: agent.targetName,
    TargetPlatformAgentId: agent.targetPlatformAgentId,
    AgentIdNormalized: ids.normalized,
    AgentTitleId: ids.titleId,
    AgentKind: kind,
    TwinRole: twinRole,
    AgentPublisher: catalogued?.publisher ?? null,
    AgentPackageType: catalogued?.packageType ?? null,
    AgentIsBlocked: catalogued?.isBlocked ?? null,
    AgentSharing: catalogued?.sharing ?? null,
  };
}
