import { toAgentIds, toAgentName } from '../records/agent-id.ts';
import { toAgentKind } from '../records/agent-kind.ts';
import { toAppHost } from '../records/app-host.ts';
import type { AccessedResource, AuditRecord, InteractionEvent, Message } from '../records/audit-record.ts';
import { toUtcTime } from '../records/event-time.ts';
import { toInteractionType, toMeetingId } from '../records/interaction-type.ts';
import type { JsonObject } from '../records/json-value.ts';
import { adminOperation } from '../records/operations.ts';
import { policyOutcome } from '../records/policy-outcome.ts';
import { toTwinRole } from '../records/twin-role.ts';
import { copilotAudit, emptyRow, type CopilotAuditRow, type Json } from '../schema/index.ts';
import { toAdminTarget } from './admin-target.ts';

/** Where a record came from, and when. Times are ISO 8601 UTC. */
export interface Origin {
  /** Name of the source, for example activity-feed. */
  readonly source: string;
  /** When Microsoft made the record available; null when the source does not say. */
  readonly contentCreated: string | null;
  readonly collectedTime: string;
}

// Copied once: V8 keeps an object built key by key as a hash table, which is a hundred times slower to spread.
const empty: CopilotAuditRow = { ...emptyRow(copilotAudit) };
const BACKFILL_MS = 7 * 24 * 60 * 60 * 1000;
const NO_LABEL = '00000000-0000-0000-0000-000000000000';

const equals = (text: string | null, folded: string): boolean => text?.toLowerCase() === folded;

const listOrNull = <T extends Json>(items: Iterable<T>): readonly T[] | null => {
  const list = [...items];
  return list.length === 0 ? null : list;
};

const objectOrNull = <T extends Json>(fields: Readonly<Record<string, T>>): Readonly<Record<string, T>> | null =>
  Object.keys(fields).length === 0 ? null : fields;

/** True when any says true; false when any says false and none true; null when none says anything. */
function anyTrue(marks: readonly (boolean | null)[]): boolean | null {
  if (marks.includes(true)) return true;
  return marks.includes(false) ? false : null;
}

const count = (messages: readonly Message[], isPrompt: boolean): number =>
  messages.reduce((sum, message) => sum + (message.isPrompt === isPrompt ? 1 : 0), 0);

function labelIds(eventLabel: string | null, resources: readonly AccessedResource[]): readonly string[] | null {
  const ids = new Set<string>();
  if (eventLabel !== null) ids.add(eventLabel);
  for (const { sensitivityLabelId } of resources) if (sensitivityLabelId !== null) ids.add(sensitivityLabelId);
  ids.delete(NO_LABEL);
  return listOrNull(ids);
}

const distinct = (names: readonly (string | null)[]): readonly string[] | null =>
  listOrNull(new Set(names.filter((name) => name !== null)));

/** Columns that follow from the arrays of an interaction. */
function interactionColumns(record: AuditRecord, event: InteractionEvent): Partial<CopilotAuditRow> {
  const { contexts, messages, resources, plugins, models } = event;
  const [model] = models;
  return {
    AIModelName: model?.name ?? null,
    AIModelVersion: model?.version ?? null,
    AIModelProvider: model?.provider ?? null,
    InteractionType: toInteractionType(contexts),
    MeetingId: toMeetingId(contexts),
    MessageCount: messages.length,
    PromptCount: count(messages, true),
    ResponseCount: count(messages, false),
    AccessedResourceCount: resources.length,
    LabelIds: labelIds(record.sensitivityLabelId, resources),
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

function agentColumns({ agent, appIdentity, appHost, event }: AuditRecord): Partial<CopilotAuditRow> {
  const ids = toAgentIds(agent.id, appIdentity, agent.targetPlatformAgentId);
  return {
    AgentId: agent.id,
    AgentName: toAgentName(agent.name, appIdentity),
    AgentVersion: agent.version,
    AgentBlueprintId: agent.blueprintId,
    AgentPlatform: agent.platform,
    PlatformAgentId: agent.platformAgentId,
    TargetAgentName: agent.targetName,
    TargetPlatformAgentId: agent.targetPlatformAgentId,
    AgentIdNormalized: ids.normalized,
    AgentTitleId: ids.titleId,
    AgentKind: toAgentKind({
      agentId: agent.id,
      agentName: agent.name,
      agentPlatform: agent.platform,
      appIdentity,
      targetAgentName: agent.targetName,
      targetPlatformAgentId: agent.targetPlatformAgentId,
    }),
    TwinRole: toTwinRole({
      appHost,
      agentId: agent.id,
      agentBlueprintId: agent.blueprintId,
      messageCount: event?.messages.length ?? 0,
    }),
  };
}

function adminColumns(record: AuditRecord): Partial<CopilotAuditRow> {
  const operation = adminOperation(record.recordType, record.operation);
  if (operation === null) return {};
  return {
    AdminAction: operation.action,
    AdminObject: operation.object,
    AdminTarget: toAdminTarget(record, operation),
  };
}

/** What a column already holds is not repeated, except inside the event payload, which stays whole. */
const eventPayload = ({ eventData, settingsData, payload }: AuditRecord): JsonObject | null =>
  objectOrNull({ ...eventData, ...settingsData, ...payload });

/**
 * The row of an audit record: facts of the record only, enrichment columns null. TimeGenerated is the event time and
 * TimeClamped false: the sink stamps both when it sends.
 */
export function toAuditRow(record: AuditRecord, { source, contentCreated, collectedTime }: Origin): CopilotAuditRow {
  const host = record.appHost === null ? null : toAppHost(record.appHost);
  return {
    ...empty,
    TimeGenerated: record.eventTime,
    EventTime: record.eventTime,
    ContentCreated: toUtcTime(contentCreated),
    CollectedTime: collectedTime,
    TimeClamped: false,
    IsBackfill: Date.parse(collectedTime) - Date.parse(record.eventTime) > BACKFILL_MS,
    Source: source,
    RecordId: record.id,
    RecordType: record.recordTypeName,
    RecordTypeCode: record.recordType,
    Workload: record.workload,
    Operation: record.operation,
    OrganizationId: record.organizationId,
    ActorName: record.userId,
    ActorUserId: record.userKey,
    ActorUserType: record.userTypeName,
    IsSyntheticActor: record.isSyntheticActor,
    SrcIpAddr: record.clientIp,
    ClientRegion: record.clientRegion,
    Version: record.version,
    LogVersion: record.logVersion,
    ResultStatus: record.resultStatus,
    ObjectId: record.objectId,
    Scope: record.scope,
    AppAccessContext: record.appAccessContext,
    AppIdentity: record.appIdentity,
    ApplicationName: record.applicationName,
    AppHost: record.appHost,
    AppHostNormalized: host?.normalized ?? null,
    SurfaceGroup: host?.group ?? null,
    IsTestPane: equals(host?.normalized ?? null, 'copilot studio'),
    ThreadId: record.threadId,
    ConversationId: record.conversationId,
    CorrelationId: record.correlationId,
    LicenseType: record.licenseType,
    CapacityId: record.capacityId,
    MemoryUpdated: record.memoryUpdated,
    DLPEvaluationDeferred: record.dlpEvaluationDeferred,
    DLPEvaluationDeferredReason: record.dlpEvaluationDeferredReason,
    ToolName: record.toolName,
    ToolType: record.toolType,
    ChannelName: record.channelName,
    SessionIdentity: record.sessionIdentity,
    ErrorMessage: record.errorMessage,
    ScenarioType: record.scenarioType,
    AutomationId: record.automationId,
    TriggerMode: record.triggerMode,
    ...agentColumns(record),
    ...(record.event === null ? {} : interactionColumns(record, record.event)),
    ...adminColumns(record),
    LLMEventData: eventPayload(record),
    UnknownFields: objectOrNull(record.unknownFields),
    DroppedContent: listOrNull(record.droppedContent.map(({ path, length }) => ({ path, length }))),
  };
}
