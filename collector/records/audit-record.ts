import type { Json } from '../schema/index.ts';
import type { JsonObject } from './json-value.ts';
import type { DroppedText } from './read-shape.ts';

/** Where the user was. */
export interface Context {
  readonly id: string | null;
  readonly type: string | null;
  readonly containerId: string | null;
}

/** A prompt or a response. */
export interface Message {
  readonly id: string | null;
  /** `null` when the record does not say. */
  readonly isPrompt: boolean | null;
  readonly jailbreakDetected: boolean | null;
}

/** A rule of a policy that applied to a resource. */
export interface PolicyRule {
  readonly name: string | null;
  readonly mode: string | null;
  readonly actions: readonly string[];
}

/** A policy that applied to a resource. */
export interface Policy {
  readonly id: string | null;
  readonly name: string | null;
  readonly rules: readonly PolicyRule[];
}

/** Something that Copilot read, wrote or called. */
export interface AccessedResource {
  readonly id: string | null;
  readonly name: string | null;
  readonly siteUrl: string | null;
  /** GUID in lower case; null for the Exchange-style ids that some records carry here. */
  readonly listItemUniqueId: string | null;
  readonly type: string | null;
  readonly action: string | null;
  readonly sensitivityLabelId: string | null;
  readonly status: string | null;
  readonly xpiaDetected: boolean | null;
  readonly policies: readonly Policy[];
}

/** A plugin that was used. */
export interface Plugin {
  readonly id: string | null;
  readonly name: string | null;
  readonly version: string | null;
}

/** A model that the record names. */
export interface Model {
  readonly provider: string | null;
  readonly name: string | null;
  readonly version: string | null;
}

/** The arrays of an interaction; each empty when absent or null. */
export interface InteractionEvent {
  readonly contexts: readonly Context[];
  readonly messages: readonly Message[];
  readonly resources: readonly AccessedResource[];
  readonly plugins: readonly Plugin[];
  readonly models: readonly Model[];
}

/** One changed setting of an admin record. */
export interface SettingChange {
  readonly property: string | null;
  readonly originalValue: string | null;
  readonly newValue: string | null;
}

/** What a record says of an agent, as sent, from the top of the record or from its event data. */
export interface AgentFields {
  readonly id: string | null;
  readonly name: string | null;
  readonly version: string | null;
  readonly blueprintId: string | null;
  readonly platform: string | null;
  readonly platformAgentId: string | null;
  readonly targetName: string | null;
  readonly targetPlatformAgentId: string | null;
}

/**
 * An audit record of the Copilot family, checked. Names are Microsoft's in camelCase; an empty string on the wire is
 * `null` here; a field that may stand at the top or in CopilotEventData is read from the top first.
 */
export interface AuditRecord {
  /** GUID in lower case, or the id as sent when it is no GUID; never empty. */
  readonly id: string;
  /** CreationTime as ISO 8601 UTC with `Z`, fraction as sent. */
  readonly eventTime: string;
  readonly recordType: number | null;
  readonly recordTypeName: string | null;
  readonly operation: string | null;
  readonly workload: string | null;
  readonly organizationId: string | null;
  readonly userId: string | null;
  readonly userKey: string | null;
  readonly userType: number | null;
  readonly userTypeName: string | null;
  readonly isSyntheticActor: boolean;
  /** Without port, zone and mapping; null when it is no address: the text is then in unknownFields.ClientIP. */
  readonly clientIp: string | null;
  readonly resultStatus: string | null;
  readonly objectId: string | null;
  readonly scope: string | null;
  readonly version: string | null;
  readonly logVersion: string | null;
  readonly clientRegion: string | null;
  /** What Defender for Cloud Apps adds: country, city, provider and browser of the request, external user. */
  readonly cloudAppContext: JsonObject | null;
  readonly appAccessContext: JsonObject | null;
  /** The string, or `AppId` of the object form. */
  readonly appIdentity: string | null;
  readonly applicationName: string | null;
  readonly capacityId: string | null;
  readonly appHost: string | null;
  readonly threadId: string | null;
  readonly conversationId: string | null;
  readonly correlationId: string | null;
  readonly licenseType: string | null;
  readonly sensitivityLabelId: string | null;
  readonly memoryUpdated: boolean | null;
  readonly dlpEvaluationDeferred: number | null;
  readonly dlpEvaluationDeferredReason: string | null;
  readonly toolName: string | null;
  readonly toolType: string | null;
  readonly channelName: string | null;
  readonly sessionIdentity: string | null;
  readonly errorMessage: string | null;
  readonly scenarioType: string | null;
  readonly automationId: string | null;
  readonly triggerMode: string | null;
  readonly agent: AgentFields;
  /** Null when the record is no interaction: it has neither CopilotEventData nor any of its arrays. */
  readonly event: InteractionEvent | null;
  /** Null when the record has no CopilotSettingsEventData. */
  readonly settings: readonly SettingChange[] | null;
  /** CopilotEventData whole, in canonical casing, unknown fields included. */
  readonly eventData: JsonObject | null;
  /** CopilotSettingsEventData whole, in canonical casing. */
  readonly settingsData: JsonObject | null;
  /** Known fields at the top of the record that have no place above, in canonical casing. */
  readonly payload: JsonObject;
  /** Fields that the collector does not know, by exact path; text replaced by its length unless it is kept. */
  readonly unknownFields: Readonly<Record<string, Json>>;
  /** Paths of unknown fields with `[]` for every index: what to count as schema drift. */
  readonly unknownPaths: readonly string[];
  readonly droppedContent: readonly DroppedText[];
}
