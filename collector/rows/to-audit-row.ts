import { noFacts, type Facts } from '../enrich/facts.ts';
import { toAppHost, type AppHost } from '../records/app-host.ts';
import type { AuditRecord } from '../records/audit-record.ts';
import { toUtcTime } from '../records/event-time.ts';
import type { JsonObject } from '../records/json-value.ts';
import { adminOperation } from '../records/operations.ts';
import { copilotAudit, emptyRow, type CopilotAuditRow } from '../schema/index.ts';
import { toAdminTarget } from './admin-target.ts';
import { agentColumns, agentMarks, type AgentMarks } from './agent-columns.ts';
import { toCredits, type Credits } from './credits.ts';
import { fileColumns } from './file-columns.ts';
import { interactionColumns } from './interaction-columns.ts';
import { labelColumns } from './label-columns.ts';
import { listOrNull, objectOrNull } from './or-null.ts';
import { hasLicense, userColumns } from './user-columns.ts';

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

function adminColumns(record: AuditRecord): Partial<CopilotAuditRow> {
  const operation = adminOperation(record.recordType, record.operation);
  if (operation === null) return {};
  return {
    AdminAction: operation.action,
    AdminObject: operation.object,
    AdminTarget: toAdminTarget(record, operation),
  };
}

const isTestPane = (host: AppHost | null): boolean => host?.normalized.toLowerCase() === 'copilot studio';

function creditColumns(record: AuditRecord, host: AppHost | null, marks: AgentMarks, facts: Facts): Partial<Credits> {
  if (record.event === null) return {};
  return toCredits({
    eventTime: record.eventTime,
    event: record.event,
    agentKind: marks.kind,
    twinRole: marks.twinRole,
    surfaceGroup: host?.group ?? null,
    appIdentity: record.appIdentity,
    isTestPane: isTestPane(host),
    isAutonomous: record.isSyntheticActor || host?.group === 'Autonomous',
    hasLicense: hasLicense(record, facts),
  });
}

/** What a column already holds is not repeated, except inside the event payload, which stays whole. */
const eventPayload = ({ eventData, settingsData, payload }: AuditRecord): JsonObject | null =>
  objectOrNull({ ...eventData, ...settingsData, ...payload });

/**
 * The row of an audit record with the facts known so far; what is not known is null. TimeGenerated is the event time and
 * TimeClamped false: the sink stamps both when it sends.
 */
export function toAuditRow(
  record: AuditRecord,
  { source, contentCreated, collectedTime }: Origin,
  facts: Facts = noFacts,
): CopilotAuditRow {
  const host = record.appHost === null ? null : toAppHost(record.appHost);
  const { event } = record;
  const marks = agentMarks(record);
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
    CloudAppContext: record.cloudAppContext,
    AppIdentity: record.appIdentity,
    ApplicationName: record.applicationName,
    AppHost: record.appHost,
    AppHostNormalized: host?.normalized ?? null,
    SurfaceGroup: host?.group ?? null,
    IsTestPane: isTestPane(host),
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
    ...agentColumns(record, marks, facts.agent),
    ...userColumns(record, facts),
    ...(event === null ? {} : interactionColumns(event, facts.meeting)),
    ...(event === null ? {} : labelColumns(record, facts)),
    ...(event === null ? {} : fileColumns(event, record.userId, facts)),
    ...creditColumns(record, host, marks, facts),
    ...adminColumns(record),
    LLMEventData: eventPayload(record),
    EnrichmentErrors: listOrNull(facts.errors),
    UnknownFields: objectOrNull(record.unknownFields),
    DroppedContent: listOrNull(record.droppedContent.map(({ path, length }) => ({ path, length }))),
  };
}
