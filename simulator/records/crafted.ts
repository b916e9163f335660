/** Audit records with given parts and no variance: what a story tells must not get lost by chance. */
import type { CustomEngineAgent } from '../tenant/agents.ts';
import type { TenantFile } from '../tenant/documents.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { Json, WireRecord } from './scene.ts';
import { studioIdentity } from './studio.ts';

/** Who acts, where and when. */
export interface Act {
  readonly tenant: Tenant;
  /** UPN or another name, and the object id. */
  readonly actor: { readonly upn: string; readonly id: string };
  /** Absent for services. */
  readonly address?: string | undefined;
  readonly timeMs: number;
  /** The record's Id. */
  readonly id: string;
}

type Fields = { readonly [key: string]: Json | undefined };

/** The common fields of a record. */
export function common(act: Act, recordType: number, operation: string, workload = 'Copilot'): WireRecord {
  return {
    CreationTime: new Date(act.timeMs).toISOString().slice(0, 19),
    Id: act.id,
    Operation: operation,
    OrganizationId: act.tenant.id,
    RecordType: recordType,
    UserKey: act.actor.id,
    UserType: 0,
    Version: 1,
    Workload: workload,
    ClientIP: act.address,
    UserId: act.actor.upn,
  };
}

/** A conversation with Copilot: what was asked, read and used. */
export interface Turn {
  readonly appHost: string;
  readonly threadId: string;
  readonly appIdentity?: string;
  /** Fields about the agent, at the top of the record. */
  readonly agent?: Fields;
  readonly resources?: readonly Json[];
  readonly plugins?: readonly Json[];
  /** Whether the prompt carries the verdict; absent: the service did not say. */
  readonly jailbreak?: boolean;
  /** Prompt and answers together; 2 by default. */
  readonly messages?: number;
}

/** A record of type 261. */
export function turn(act: Act, options: Turn): WireRecord {
  const { appHost, threadId, agent, resources = [], plugins = [], jailbreak, messages = 2 } = options;
  return {
    ...common(act, 261, 'CopilotInteraction'),
    ...agent,
    AppIdentity: options.appIdentity ?? 'Copilot.MicrosoftCopilot.Microsoft365Copilot',
    CopilotLogVersion: '1.0.0.0',
    CopilotEventData: {
      AISystemPlugin: plugins,
      AccessedResources: resources,
      AppHost: appHost,
      Contexts: [],
      MessageIds: [],
      Messages: Array.from({ length: messages }, (_, nth) => ({
        Id: String(act.timeMs - 5000 + nth * 400),
        isPrompt: nth % 2 === 0,
        JailbreakDetected: nth === 0 ? jailbreak : undefined,
      })),
      ModelTransparencyDetails: [{ ModelProviderName: 'OpenAI' }],
      ThreadId: threadId,
    },
  };
}

/** A document that was read. */
export const readFile = (file: TenantFile, more: Fields = {}): Json => ({
  Action: 'Read',
  Id: file.itemId,
  ListItemUniqueId: file.id,
  Name: file.name,
  SensitivityLabelId: file.labelId ?? undefined,
  SiteUrl: file.url,
  Status: 'success',
  Type: file.extension,
  XPIADetected: false,
  ...more,
});

/** A mail that was read, by its id. */
export const readMail = (id: string, subject: string, more: Fields = {}): Json => ({
  Action: 'Read',
  Id: id,
  Name: subject,
  SiteUrl: `https://outlook.office365.com/owa/?ItemID=${id}&exvsurl=1&viewmodel=ReadMessageItem`,
  Status: 'success',
  Type: 'EmailMessage',
  ...more,
});

/** A link that was in an answer or in what was read. */
export const hyperlink = (url: string): Json => ({
  Action: 'Read',
  Id: url,
  SiteUrl: url,
  Type: 'http://schema.skype.com/HyperLink',
});

/** Work of a maker in Copilot Studio (256): properties beyond those that name the agent. */
export function studioWork(
  act: Act,
  operation: string,
  agent: CustomEngineAgent,
  more: Readonly<Record<string, string>> = {},
): WireRecord {
  const properties = {
    'powerplatform.analytics.resource.bot.id': agent.botId,
    'powerplatform.analytics.resource.bot.schema_name': agent.schemaName,
    'powerplatform.analytics.resource.bot.name': agent.name,
    'powerplatform.analytics.resource.environment.id': agent.environment,
    'enduser.principal_name': act.actor.upn,
    ...more,
  };
  return {
    ...common(act, 256, operation, 'PowerPlatform'),
    PropertyCollection: Object.entries(properties).map(([Name, Value]) => ({ Name, Value })),
  };
}

/** One turn with a custom engine agent as its runtime logs it. */
export function runtimeTurn(
  act: Act,
  agent: CustomEngineAgent,
  threadId: string,
  resources: readonly Json[],
): WireRecord {
  const platformAgentId = `${agent.environment}_${agent.botId}`;
  const record = turn(act, {
    appHost: 'Microsoft Teams',
    threadId,
    resources,
    appIdentity: studioIdentity(agent),
    messages: 0,
  });
  return {
    ...record,
    AgentId: agent.id,
    AgentName: agent.name,
    AgentBlueprintId: agent.blueprintId,
    AgentPlatform: 'CopilotStudio',
    PlatformAgentId: platformAgentId,
  };
}

/** What a setting of Security Copilot was and is. */
export interface Change {
  readonly Property: string;
  readonly OriginalValue: string;
  readonly NewValue: string;
}

/** An operation on Security Copilot's settings, plugins, promptbooks or files (310-325). */
export const securityCopilotChange = (
  act: Act,
  recordType: number,
  operation: string,
  changes: readonly Change[],
): WireRecord => ({
  ...common(act, recordType, operation),
  AppIdentity: 'Copilot.Security.SecurityCopilot',
  ApplicationName: 'Security Copilot',
  CopilotSettingsEventData: { Resource: changes.map((change) => ({ ...change })) },
});

/** An agent that was deployed, updated or removed in the admin centre (384). */
export const agentDeployment = (
  act: Act,
  operation: string,
  agent: { readonly id: string; readonly name: string },
  userIds: readonly string[] | 'everyone',
): WireRecord => ({
  ...common(act, 384, operation),
  AgentID: agent.id,
  AgentName: agent.name,
  AgentType: 1,
  UserAssignments: userIds === 'everyone' ? [] : userIds,
  ForAllUsers: userIds === 'everyone',
});

/** A tenant setting for agents that was changed in the admin centre (384). */
export const agentSetting = (
  act: Act,
  property: string,
  oldValue: string,
  newValue: string,
  forAllUsers: boolean,
): WireRecord => ({
  ...common(act, 384, 'UpdatedTenantSettings'),
  Property: property,
  OldValue: oldValue,
  NewValue: newValue,
  AddedIdentities: [],
  RemovedIdentities: [],
  ForAllUsers: forAllUsers,
});

/** Texts of interactions that an application took out of the tenant (362). */
export const interactionsExport = (act: Act, appId: string, subjectId: string): WireRecord => ({
  ...common(act, 362, 'AIInteractionsExport'),
  ResultStatus: 'Success',
  ObjectId: subjectId,
  AppId: appId,
});
