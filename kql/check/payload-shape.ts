/** The known properties of `LLMEventData`, as `collector/records/shape.ts` has them; a test keeps the two alike. */
export type PayloadShape =
  | { readonly kind: 'value' }
  /** Insides nobody knows. */
  | { readonly kind: 'open' }
  | {
      readonly kind: 'list';
      readonly item: PayloadShape;
      /** A column that mv-expand made the item of. */ readonly isItemToo?: true;
    }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, PayloadShape>> };

const value: PayloadShape = { kind: 'value' };
const open: PayloadShape = { kind: 'open' };
const list = (item: PayloadShape): PayloadShape => ({ kind: 'list', item });
const object = (fields: Readonly<Record<string, PayloadShape>>): PayloadShape => ({ kind: 'object', fields });
const values = (names: string): Readonly<Record<string, PayloadShape>> =>
  Object.fromEntries(names.split(' ').map((name) => [name, value]));

const policyRule = object({ ...values('RuleId RuleName Severity RuleMode'), Actions: list(value) });
const policy = object({ ...values('PolicyId PolicyName'), Rules: list(policyRule) });
const resource = object({
  ...values('Id Name SiteUrl ListItemUniqueId Type Action SensitivityLabelId Status XPIADetected'),
  // As CopilotActivity has it: O365 Management Activity API, Copilot schema.
  ...values('listItemUniqueId'),
  PolicyDetails: list(policy),
});

/** `LLMEventData`: CopilotEventData, the setting changes, or the payload fields of other records. */
export const payloadShape: PayloadShape = object({
  ...values(
    'AgentId AgentName AgentVersion AgentBlueprintId AgentPlatform PlatformAgentId PlatformAgentType AgentType ' +
      'TargetAgentName TargetPlatformAgentId ApplicationName CapacityId ClientRegion CopilotLogVersion ' +
      'AppHost ThreadId ConversationId CorrelationId SensitivityLabelId LicenseType MemoryUpdated ' +
      'DLPEvaluationDeferred DLPEvaluationDeferredReason ' +
      'ToolName ToolType ChannelName SessionIdentity ErrorMessage ScenarioType AutomationId TriggerMode ' +
      'Property OldValue NewValue ForAllUsers PromptText',
  ),
  AppIdentity: object(values('AppId DisplayName')),
  Contexts: list(object(values('Id Type ContainerId'))),
  // jailbreakDetected: seen in CopilotActivity beside the documented casing.
  Messages: list(object(values('Id isPrompt JailbreakDetected jailbreakDetected Size'))),
  MessageIds: list(value),
  AccessedResources: list(resource),
  AISystemPlugin: list(object(values('Id Name Version'))),
  ModelTransparencyDetails: list(object(values('ModelProviderName ModelName ModelVersion'))),
  Resource: list(object(values('Property OriginalValue NewValue'))),
  UserAssignments: list(value),
  AddedIdentities: list(value),
  RemovedIdentities: list(value),
  PropertyCollection: list(object({ Name: value, Value: open })),
  ExtendedProperties: list(object({ Name: value, Value: open })),
});

const groups: readonly (readonly [names: string, reason: string])[] = [
  [
    'Text Body Content Prompt Response PromptText ResponseText MessageText',
    'audit records hold no text of prompts and answers (only Purview does): use Messages[].Size and isPrompt',
  ],
  [
    'Tokens TokenCount TokensUsed TotalTokens InputTokens OutputTokens PromptTokens CompletionTokens InputTokensUsed OutputTokensUsed Usage',
    'audit records count no tokens: use CreditsGross and CreditsBillable',
  ],
  [
    'Arguments Parameters Input Output ToolArguments ToolParameters ToolInput ToolOutput',
    'audit records hold no arguments of tools: use ToolName, ToolType and AISystemPlugin',
  ],
  [
    'StatusCode HttpStatusCode ErrorCode ResponseCode',
    'audit records hold no status of single calls: use ResultStatus',
  ],
  [
    'Verdict SafetyVerdict SafetyVerdicts SafetyCategory SafetyCategories HarmCategory HarmCategories ContentFilterResults',
    'audit records hold no categories of safety verdicts: use JailbreakDetected and XPIADetected',
  ],
];

/** Properties that people look for and Microsoft never sends, by lower-case name, with what to use instead. */
export const absentProperties: ReadonlyMap<string, string> = new Map(
  groups.flatMap(([names, reason]) => names.split(' ').map((name) => [name.toLowerCase(), reason] as const)),
);
