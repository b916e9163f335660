/**
 * The one definition of what an audit record may hold. Casing, null collections, unknown fields and dropped text all
 * follow from it. Fields: Management Activity API schema, Copilot schema, Purview "Audit logs for Copilot", and shapes
 * seen in real tenants.
 */
export type Shape =
  /** A string, number or boolean that is kept as sent. */
  | { readonly kind: 'scalar' }
  /** Text that somebody wrote. */
  | { readonly kind: 'text' }
  /** A known field with unknown insides: its strings follow the rule for unknown text. */
  | { readonly kind: 'open' }
  /** A string, or an object of that shape. */
  | { readonly kind: 'scalar-or-object'; readonly object: ObjectShape }
  /** An array; null and "" count as empty. */
  | { readonly kind: 'list'; readonly item: Shape }
  | ObjectShape;

/** An object whose keys are known in any casing. */
export interface ObjectShape {
  readonly kind: 'object';
  readonly fields: ReadonlyMap<string, Field>;
  /** The same fields by lower-case name. */
  readonly folded: ReadonlyMap<string, Field>;
}

/** A known key in its canonical casing. */
export interface Field {
  readonly name: string;
  readonly shape: Shape;
}

const scalar: Shape = { kind: 'scalar' };
const text: Shape = { kind: 'text' };
const open: Shape = { kind: 'open' };
const list = (item: Shape): Shape => ({ kind: 'list', item });

function object(shapes: Readonly<Record<string, Shape>>): ObjectShape {
  const fields = Object.entries(shapes).map(([name, shape]): Field => ({ name, shape }));
  return {
    kind: 'object',
    fields: new Map(fields.map((field) => [field.name, field])),
    folded: new Map(fields.map((field) => [field.name.toLowerCase(), field])),
  };
}

const each = (shape: Shape, names: string): Readonly<Record<string, Shape>> =>
  Object.fromEntries(names.split(' ').map((name) => [name, shape]));

const textNames = 'Text Body Content Prompt Response PromptText ResponseText';

const context = object(each(scalar, 'Id Type ContainerId'));
const message = object({ ...each(scalar, 'Id isPrompt JailbreakDetected Size'), ...each(text, textNames) });
const rule = object({ ...each(scalar, 'RuleId RuleName Severity RuleMode'), Actions: list(scalar) });
const policy = object({ ...each(scalar, 'PolicyId PolicyName'), Rules: list(rule) });
const resource = object({
  ...each(scalar, 'Id Name SiteUrl ListItemUniqueId Type Action SensitivityLabelId Status XPIADetected'),
  ...each(text, textNames),
  PolicyDetails: list(policy),
});
const appIdentity: Shape = { kind: 'scalar-or-object', object: object(each(scalar, 'AppId DisplayName')) };

/** Fields that appear at the top of a record or inside CopilotEventData: placement is not guaranteed. */
const atEitherLevel = {
  ...each(
    scalar,
    'AgentId AgentName AgentVersion AgentBlueprintId AgentPlatform PlatformAgentId PlatformAgentType AgentType ' +
      'TargetAgentName TargetPlatformAgentId ApplicationName CapacityId ClientRegion CopilotLogVersion ' +
      'AppHost ThreadId ConversationId CorrelationId SensitivityLabelId LicenseType MemoryUpdated ' +
      'DLPEvaluationDeferred DLPEvaluationDeferredReason ' +
      'ToolName ToolType ChannelName SessionIdentity ErrorMessage ScenarioType AutomationId TriggerMode',
  ),
  ...each(text, textNames),
  AppIdentity: appIdentity,
  Contexts: list(context),
  Messages: list(message),
  MessageIds: list(scalar),
  AccessedResources: list(resource),
  AISystemPlugin: list(object(each(scalar, 'Id Name Version'))),
  ModelTransparencyDetails: list(object(each(scalar, 'ModelProviderName ModelName ModelVersion'))),
};

/** Arrays of an interaction; where they stand at the top of a record they belong to its event data. */
export const eventLists: readonly string[] = Object.entries(atEitherLevel)
  .filter(([, shape]) => shape.kind === 'list')
  .map(([name]) => name);

const setting = object(each(scalar, 'Property OriginalValue NewValue'));

/** Fields of admin and automation records that have no column of their own: they make up LLMEventData. */
const payload = {
  ...each(scalar, 'Property OldValue NewValue ForAllUsers'),
  UserAssignments: list(scalar),
  AddedIdentities: list(scalar),
  RemovedIdentities: list(scalar),
  // Copilot Studio authoring: values are whatever the maker typed.
  PropertyCollection: list(object({ Name: scalar, Value: open })),
  ExtendedProperties: list(object({ Name: scalar, Value: open })),
};

/** Names of the payload fields at the top of a record that have no column. */
export const payloadNames: readonly string[] = [
  ...Object.keys(payload),
  ...textNames.split(' '),
  'AgentType',
  'PlatformAgentType',
];

/** An audit record. */
export const recordShape: ObjectShape = object({
  ...each(
    scalar,
    'Id CreationTime Operation OrganizationId UserKey UserId Workload ResultStatus ObjectId Scope Version',
  ),
  // Numbers and addresses: what is text there has no business there.
  ...each(open, 'RecordType UserType ClientIP'),
  AppAccessContext: object(
    each(
      scalar,
      'AADSessionId APIId ClientAppId ClientAppName CorrelationId UniqueTokenId IssuedAtTime TokenIssuedAtTime AuthTime DeviceId UserObjectId',
    ),
  ),
  // Not of the record itself: what Defender for Cloud Apps found out about the request.
  CloudAppContext: object(each(scalar, 'CountryCode City ISP UserAgent IsExternalUser')),
  ...atEitherLevel,
  ...payload,
  CopilotEventData: object(atEitherLevel),
  CopilotSettingsEventData: object({ Resource: list(setting) }),
});
