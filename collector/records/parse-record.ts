import type { Json } from '../schema/index.ts';
import type { AuditRecord } from './audit-record.ts';
import { toClientIp } from './client-ip.ts';
import type { ContentFields } from './content-policy.ts';
import { toUtcTime } from './event-time.ts';
import { isGuid, isObject, type JsonObject, type RawObject } from './json-value.ts';
import { toInteractionEvent, toSettingChanges } from './read-event.ts';
import { MAX_DEPTH, readShape } from './read-shape.ts';
import { booleanOf, intOf, objectOf, textOf } from './read-values.ts';
import { recordTypeName, toRecordType, userTypeName, type RecordTypeOptions } from './record-types.ts';
import { eventLists, payloadNames } from './shape.ts';
import { isSyntheticActor } from './synthetic-actor.ts';

/** How a record is parsed. */
export interface ParseOptions extends RecordTypeOptions {
  /** `drop` replaces text that people wrote by its length. */
  readonly contentFields: ContentFields;
}

/** A record, or why it is none; `id` is its Id where it has one. */
export type ParsedRecord =
  | { readonly ok: true; readonly record: AuditRecord }
  | { readonly ok: false; readonly reason: string; readonly id: string | null };

/** The Id of a record in any casing: GUID in lower case, else as sent; null when missing, empty or no string. */
function recordId(top: JsonObject): string | null {
  const id = typeof top.Id === 'string' ? top.Id.trim() : '';
  if (id === '') return null;
  return isGuid(id) ? id.toLowerCase() : id;
}

/** What a value is, for a reason that goes to logs: the value itself only where it can hold nothing but a time. */
function shown(value: Json | undefined): string {
  if (value === undefined) return 'missing';
  if (typeof value !== 'string') return value === null ? 'null' : `of type ${typeof value}`;
  return /^[\d .:+TZ-]{0,35}$/.test(value) ? `"${value}"` : `a text of ${value.length} characters`;
}

function without(top: JsonObject, names: readonly string[]): JsonObject {
  const rest: Record<string, Json> = {};
  for (const name of names) {
    const value = top[name];
    if (value !== undefined && value !== null) rest[name] = value;
  }
  return rest;
}

const isFilled = (value: Json | undefined): boolean => Array.isArray(value) && value.length > 0;

/** CopilotEventData whole; arrays of an interaction that stand at the top of the record are put back into it. */
function eventDataOf(top: JsonObject): JsonObject | null {
  const sent = objectOf(top.CopilotEventData);
  const strays = eventLists.filter((name) => isFilled(top[name]) && !isFilled(sent?.[name]));
  return strays.length === 0 ? sent : { ...sent, ...without(top, strays) };
}

function appIdentityOf(value: Json | undefined): string | null {
  const identity = objectOf(value);
  return identity === null ? textOf(value) : (textOf(identity.AppId) ?? textOf(identity.DisplayName));
}

/**
 * An audit record from the JSON of the feed (or its dead letter). A missing or empty Id, an unreadable CreationTime and
 * nesting beyond 64 levels are reasons to refuse; everything else is kept. Never throws on a JSON value.
 */
export function parseRecord(raw: unknown, options: ParseOptions): ParsedRecord {
  if (!isObject(raw)) return { ok: false, reason: 'record is no JSON object', id: null };
  return parseObject(raw, options);
}

function parseObject(raw: RawObject, options: ParseOptions): ParsedRecord {
  const { value, findings } = readShape(raw, options.contentFields, 'canonical');
  const top = objectOf(value) ?? {};
  const id = recordId(top);
  if (id === null) return { ok: false, reason: `Id is ${shown(top.Id)}: a record needs an id to be counted once`, id };
  if (findings.isTooDeep) return { ok: false, reason: `record is nested deeper than ${MAX_DEPTH} levels`, id };
  const eventTime = toUtcTime(top.CreationTime);
  if (eventTime === null) {
    return {
      ok: false,
      reason: `CreationTime is ${shown(top.CreationTime)}: expected a UTC time of 2015 or later`,
      id,
    };
  }

  const eventData = eventDataOf(top);
  const settingsData = objectOf(top.CopilotSettingsEventData);
  const either = (name: string): Json | undefined => {
    const value = top[name];
    return value === undefined || value === null || value === '' ? eventData?.[name] : value;
  };
  const text = (name: string): string | null => textOf(either(name));

  const recordType = toRecordType(top.RecordType);
  const userId = textOf(top.UserId);
  const userType = intOf(top.UserType);
  const sentIp = textOf(top.ClientIP);
  const clientIp = sentIp === null ? null : toClientIp(sentIp);
  // A known field whose value says nothing to its column is kept, but is no schema drift.
  const kept: Record<string, Json> = { ...findings.unknownFields };
  const keep = (name: string): void => {
    const sent = textOf(top[name]);
    if (sent !== null) kept[name] = sent;
  };
  if (clientIp === null) keep('ClientIP');
  if (recordType === null) keep('RecordType');
  if (userType === null) keep('UserType');

  const record: AuditRecord = {
    id,
    eventTime,
    recordType,
    recordTypeName: recordType === null ? null : recordTypeName(recordType, options),
    operation: textOf(top.Operation),
    workload: textOf(top.Workload),
    organizationId: textOf(top.OrganizationId),
    userId,
    userKey: textOf(top.UserKey),
    userType,
    userTypeName: userType === null ? null : userTypeName(userType),
    isSyntheticActor: isSyntheticActor(userId, userType),
    clientIp,
    resultStatus: textOf(top.ResultStatus),
    objectId: textOf(top.ObjectId),
    scope: textOf(top.Scope),
    version: textOf(top.Version),
    logVersion: text('CopilotLogVersion'),
    clientRegion: text('ClientRegion'),
    cloudAppContext: objectOf(top.CloudAppContext),
    appAccessContext: objectOf(top.AppAccessContext),
    appIdentity: appIdentityOf(either('AppIdentity')),
    applicationName: text('ApplicationName'),
    capacityId: text('CapacityId'),
    appHost: text('AppHost'),
    threadId: text('ThreadId'),
    conversationId: text('ConversationId'),
    correlationId: text('CorrelationId'),
    licenseType: text('LicenseType'),
    sensitivityLabelId: text('SensitivityLabelId')?.toLowerCase() ?? null,
    memoryUpdated: booleanOf(either('MemoryUpdated')),
    dlpEvaluationDeferred: intOf(either('DLPEvaluationDeferred')),
    dlpEvaluationDeferredReason: text('DLPEvaluationDeferredReason'),
    toolName: text('ToolName'),
    toolType: text('ToolType'),
    channelName: text('ChannelName'),
    sessionIdentity: text('SessionIdentity'),
    errorMessage: text('ErrorMessage'),
    scenarioType: text('ScenarioType'),
    automationId: text('AutomationId'),
    triggerMode: text('TriggerMode'),
    agent: {
      id: text('AgentId'),
      name: text('AgentName'),
      version: text('AgentVersion'),
      blueprintId: text('AgentBlueprintId'),
      platform: text('AgentPlatform'),
      platformAgentId: text('PlatformAgentId'),
      targetName: text('TargetAgentName'),
      targetPlatformAgentId: text('TargetPlatformAgentId'),
    },
    event: eventData === null ? null : toInteractionEvent(eventData),
    settings: settingsData === null ? null : toSettingChanges(settingsData),
    eventData,
    settingsData,
    payload: without(top, payloadNames),
    unknownFields: kept,
    unknownPaths: findings.unknownPaths,
    droppedContent: findings.droppedContent,
  };
  return { ok: true, record };
}
