import type { LintCase } from './lint-case.ts';

/** What our rows hold. */
export const payloadCases: readonly LintCase[] = [
  {
    code: 'KQL009',
    what: 'the text of a prompt',
    fires: `Events | mv-expand M = LLMEventData.Messages | extend T = tostring(M.Text)`,
    silent: `Events | mv-expand M = LLMEventData.Messages | extend T = tolong(M.Size), P = LLMEventData.PromptText`,
  },
  {
    code: 'KQL009',
    what: 'tokens, behind parse_json',
    fires: `Events | extend N = tolong(parse_json(tostring(LLMEventData)).TotalTokens)`,
    silent: `Events | extend N = tolong(AppAccessContext.TotalTokens)`,
  },
  {
    code: 'KQL010',
    what: 'a misspelt array',
    fires: `Events | extend N = array_length(LLMEventData.Mesages)`,
    silent: `Events | extend N = array_length(LLMEventData.Messages)`,
  },
  {
    code: 'KQL010',
    what: 'a property of an array',
    fires: `Events | extend N = LLMEventData.AccessedResources.Name`,
    silent: `Events | mv-expand R = LLMEventData.AccessedResources | extend N = R.Name`,
  },
  {
    code: 'KQL010',
    what: 'an item of mv-expand without a name of its own',
    fires: `Events | extend Messages = LLMEventData.Messages | mv-expand Messages | extend J = Messages.JailBreakDetected`,
    silent: `Events | extend Messages = LLMEventData.Messages | mv-expand Messages | extend J = Messages.JailbreakDetected`,
  },
  {
    code: 'KQL010',
    what: 'an item of mv-apply, in brackets',
    fires: `Events | mv-apply R = LLMEventData.AccessedResources on (mv-expand P = R.PolicyDetails | where P["PolicyNam"] != "")`,
    silent: `Events | mv-apply R = LLMEventData.AccessedResources on (mv-expand P = R.PolicyDetails | where P["PolicyName"] != "")`,
  },
  {
    code: 'KQL010',
    what: 'a property of a value; a name with two meanings is left alone',
    fires: `Events | mv-expand A = LLMEventData.Contexts | where A.Id.Nothing == 1`,
    silent: `Events | mv-expand A = LLMEventData.Contexts | extend A = AppAccessContext | where A.Nothing == 1`,
  },
  {
    code: 'KQL010',
    what: 'a name that had another meaning before is left alone',
    fires: `Events | mv-expand A = LLMEventData.Contexts | where A.Nothing == 1`,
    silent: `Events | extend A = AppAccessContext | where A.Nothing == 1 | mv-expand A = LLMEventData.Contexts`,
  },
  {
    code: 'KQL010',
    what: 'another casing, but as the second choice',
    fires: `Events | extend N = array_length(coalesce(LLMEventData.messages, LLMEventData.Messages))`,
    silent: `Events | extend N = array_length(coalesce(LLMEventData.Messages, LLMEventData.messages))`,
  },
  {
    code: 'KQL010',
    what: 'an item of what coalesce gives',
    fires: `Events | extend Ms = coalesce(LLMEventData.Messages, LLMEventData.messages) | mv-expand M = Ms | extend S = M.Sizes`,
    silent: `Events | extend Ms = coalesce(LLMEventData.Messages, LLMEventData.messages) | mv-expand M = Ms | extend S = coalesce(tolong(M.Size), tolong(M.size))`,
  },
  {
    code: 'KQL010',
    what: "Microsoft's raw records",
    fires: `CloudAppEvents | where TimeGenerated > ago(1d) | extend H = RawEventData.CopilotEventData.AppHst`,
    silent: `CloudAppEvents | where TimeGenerated > ago(1d) | extend H = RawEventData.CopilotEventData.AppHost, W = RawEventData.Anything`,
  },
  {
    code: 'KQL010',
    what: 'a property of a column that a function yields, through another function',
    fires: `ViaResources | where Resource.SensitivityLabel != "" and ActorName != ""`,
    silent: `ViaResources | where Resource.SensitivityLabelId != "" and ActorName != ""`,
  },
  {
    code: 'KQL010',
    what: 'an array that a function yields; its name means nothing where it is not called',
    fires: `Resources | mv-expand P = Policies | where P.PolicyNam != ""`,
    silent: `Events | extend Resource = AppAccessContext | where Resource.Nothing != ""`,
  },
  {
    code: 'KQL012',
    what: 'a wrong value',
    fires: `Events | where PolicyOutcome == "block"`,
    silent: `Events | where PolicyOutcome == "blocked" or PolicyOutcome == ""`,
  },
  {
    code: 'KQL012',
    what: 'the casing of ==, not of =~',
    fires: `Events | where InteractionType in ("chat", "File")`,
    silent: `Events | where InteractionType in~ ("Chat", "file")`,
  },
  {
    code: 'KQL012',
    what: 'a column name that other tables have only where ours is read',
    kind: 'function',
    fires: `let F = () { CopilotEntities_CL | where Kind == "person" };`,
    silent: `let F = () { datatable(Kind:string)["person"] | where Kind == "person" };`,
  },
  {
    code: 'KQL018',
    what: 'the first of many resources',
    fires: `Events | extend R = tostring(LLMEventData.AccessedResources[0].Name)`,
    silent: `Events | extend Names = AppAccessContext[0], N = array_length(LLMEventData.AccessedResources)`,
  },
  {
    code: 'KQL018',
    what: 'the last message, under a name; not a position that is computed',
    fires: `Events | extend Ms = LLMEventData.Messages | extend Last = Ms[-1]`,
    silent: `Events | extend Ms = LLMEventData.Messages | extend Last = Ms[array_length(Ms) - 1]`,
  },
];
