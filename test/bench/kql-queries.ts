/** What the KQL bench asks. Columns are aggregated or returned, so that they are computed, not only named. */

/** A query with a name for the table of figures. */
export interface BenchQuery {
  readonly name: string;
  readonly query: string;
  /** The tables that hold rows; all but Microsoft's by default. */
  readonly tables?: readonly string[];
}

/** What is aggregated of each shipped function. */
const functionAggregates: Readonly<Record<string, string>> = {
  CopilotAdminEvents: 'dcount(RecordId), dcount(Property), dcount(NewValue), max(EventTime)',
  CopilotAgents: 'dcount(AgentKey), sum(EventCount), max(LastSeenTime)',
  CopilotCredits: 'dcount(AgentName), sum(CreditsGross), sum(CreditsBillable), dcount(CreditStatus)',
  CopilotEntities: 'dcount(Key), max(ObservedTime)',
  CopilotEntityNames: 'dcount(Name), dcount(Key)',
  CopilotEvents: 'dcount(ActorName), max(IngestedAt), countif(JailbreakDetected), sum(MessageCount)',
  CopilotHealth: 'countif(IsComplete)',
  CopilotInteractions: 'dcount(ActorName), dcount(AgentName), dcount(UserDepartment), countif(IsSyntheticActor)',
  CopilotLicenses: 'dcount(UserKey), dcount(Verdict), sum(EventCount)',
  CopilotMessages: 'dcount(MessageId), countif(IsPrompt), countif(JailbreakDetected)',
  CopilotMicrosoftEvents: 'dcount(RecordId)',
  CopilotModels: 'dcount(RecordId), dcount(ModelName)',
  CopilotPlugins: 'dcount(PluginId), dcount(PluginName)',
  CopilotResources: 'dcount(ResourceId), dcount(SiteUrl), countif(PolicyOutcome == "blocked"), dcount(LabelName)',
  CopilotTurns: 'dcount(ActorName), dcount(TwinRecordId), sum(CreditsBillable)',
  CopilotUsageLatest: 'dcount(UserPrincipalName), sum(PromptCount)',
  ASimAgentEventMicrosoftCopilot: 'dcount(EventUid), dcount(ActorUsername), dcount(TargetAgentName), max(EventEndTime)',
  ASimAuditEventMicrosoftCopilot: 'dcount(EventUid), dcount(ActorUsername), dcount(Object), max(EventEndTime)',
  vimAgentEventMicrosoftCopilot: 'dcount(EventUid), dcount(ActorUsername), dcount(TargetAgentName), max(EventEndTime)',
  vimAuditEventMicrosoftCopilot: 'dcount(EventUid), dcount(ActorUsername), dcount(Object), max(EventEndTime)',
  CopilotUsers: 'dcount(UserKey), sum(EventCount), max(LastSeenTime)',
};

/** Two queries for each function: aggregates, and a thousand whole rows. */
export const functionQueries = (names: readonly string[]): readonly BenchQuery[] =>
  names.flatMap((name) => [
    { name, query: `${name} | summarize count(), ${functionAggregates[name] ?? 'take_any(*)'}` },
    { name: `${name}, 1,000 rows`, query: `${name} | take 1000` },
  ]);

const audit = 'CopilotAudit_CL';
const entities = 'CopilotEntities_CL';

/** The functions over Microsoft's own tables: each alone, and all three with the same events, which is three times the rows. */
export const microsoftQueries: readonly BenchQuery[] = [
  { title: 'CopilotActivity alone', tables: ['CopilotActivity', entities] },
  { title: 'CloudAppEvents alone', tables: ['CloudAppEvents', entities] },
  { title: 'all three', tables: [audit, 'CopilotActivity', 'CloudAppEvents', entities] },
].flatMap(({ title, tables }) =>
  ['CopilotEvents', 'CopilotInteractions'].map((name) => ({
    name: `${name}, ${title}`,
    query: `${name} | summarize count(), ${functionAggregates[name] ?? ''}`,
    tables,
  })),
);

/** The shapes that detections have. */
export const detectionShapes: readonly BenchQuery[] = [
  {
    name: 'where, extend, project',
    query: `${audit}
| where TimeGenerated > ago(14d) and Workload == "Copilot" and MessageCount > 0
| extend Domain = tostring(split(ActorName, "@")[1]), IsLong = MessageCount > 2
| project TimeGenerated, ActorName, Domain, IsLong, AppHost, MessageCount
| where IsLong and isnotempty(Domain)`,
  },
  {
    name: 'summarize by bin',
    query: `${audit}
| summarize count(), dcount(ActorName), countif(JailbreakDetected), make_set(AppHost, 10), arg_max(EventTime, ActorName, SrcIpAddr),
    percentile(MessageCount, 95) by bin(EventTime, 1h), AppHostNormalized`,
  },
  {
    name: 'mv-expand, path, dcount, top',
    query: `${audit}
| mv-expand Resource = LLMEventData.AccessedResources
| where isnotnull(Resource)
| extend Site = tostring(Resource.SiteUrl), Label = tostring(Resource.SensitivityLabelId)
| summarize Sites = dcount(Site), Labels = dcount(Label), Reads = count() by ActorName
| top 20 by Sites desc`,
  },
  {
    name: 'join leftanti: first seen',
    query: `let before = ${audit} | where TimeGenerated < ago(7d) | distinct ActorName, SrcIpAddr;
${audit}
| where TimeGenerated >= ago(7d)
| summarize First = min(EventTime), Events = count() by ActorName, SrcIpAddr
| join kind=leftanti before on ActorName, SrcIpAddr`,
  },
  {
    name: 'join inner, lookup',
    query: `let busy = ${audit} | summarize Events = count() by ActorName | where Events > 10;
let hosts = ${audit} | summarize Hosts = dcount(AppHost) by AgentIdNormalized;
${audit}
| join kind=inner busy on ActorName
| lookup kind=leftouter hosts on AgentIdNormalized
| summarize count(), max(Events), max(Hosts) by SurfaceGroup`,
  },
  {
    name: 'watchlist, in~',
    query: `let watched = _GetWatchlist("CopilotWatchedUsers") | project tostring(SearchKey);
${audit}
| where ActorName in~ (watched)
| summarize Events = count(), Hosts = make_set(AppHost) by ActorName`,
  },
  {
    name: 'make-series, anomalies, mv-expand',
    query: `let users = ${audit} | summarize Events = count() by ActorName | top 200 by Events | project ActorName;
${audit}
| where ActorName in (users)
| make-series Events = count() on EventTime from ago(14d) to now() step 1h by ActorName
| extend (Flag, Score, Baseline) = series_decompose_anomalies(Events, 3.0, -1, "linefit")
| mv-expand EventTime to typeof(datetime), Events to typeof(long), Flag to typeof(long), Score to typeof(real)
| where Flag == 1
| summarize count(), max(Score) by ActorName`,
  },
  {
    name: 'sort, prev',
    query: `${audit}
| sort by ActorName asc, EventTime asc
| extend Gap = iff(ActorName == prev(ActorName), EventTime - prev(EventTime), timespan(null)),
    IsNewAddress = ActorName == prev(ActorName) and SrcIpAddr != prev(SrcIpAddr)
| where Gap < 10m and IsNewAddress
| summarize count() by ActorName`,
  },
  {
    name: 'has_any, regex, extract, case, format_datetime',
    query: `${audit}
| extend Payload = tostring(LLMEventData)
| where Payload has_any ("docx", "xlsx", "payroll") or AppIdentity matches regex @"^Copilot\\.[A-Z]\\w+"
| extend App = extract(@"\\.(\\w+)$", 1, AppIdentity), Day = format_datetime(EventTime, "yyyy-MM-dd"),
    Size = case(MessageCount > 10, "long", MessageCount > 2, "medium", "short")
| summarize count() by App, Day, Size`,
  },
  {
    name: 'function, materialize, union',
    query: `let recent = materialize(CopilotInteractions(ago(7d)) | project EventTime, ActorName, AgentName, JailbreakDetected, MessageCount);
union withsource=Kind
    (recent | where JailbreakDetected | summarize Events = count() by ActorName),
    (recent | where MessageCount > 2 | summarize Events = count() by ActorName),
    (recent | where isnotempty(AgentName) | summarize Events = count() by ActorName)
| summarize sum(Events) by Kind`,
  },
  {
    name: 'mass access to labelled files',
    query: `let threshold = 20;
CopilotResources(ago(7d))
| where isnotempty(LabelId)
| summarize Files = dcount(ResourceId), Labels = make_set(LabelId, 10), Start = min(EventTime) by ActorName, bin(EventTime, 1h)
| where Files >= threshold`,
  },
  {
    name: 'row_window_session',
    query: `${audit}
| where isnotempty(ThreadId)
| sort by ActorName asc, EventTime asc
| extend Session = row_window_session(EventTime, 1d, 30m, ActorName != prev(ActorName))
| summarize Events = count(), End = max(EventTime) by ActorName, Session
| summarize avg(Events), max(End - Session)`,
  },
  {
    name: 'mv-apply',
    query: `${audit}
| where array_length(LLMEventData.Messages) > 0
| mv-apply Message = LLMEventData.Messages on (
    summarize Prompts = countif(tobool(Message.isPrompt)), Ids = make_list(tostring(Message.Id)))
| summarize sum(Prompts), max(array_length(Ids)) by AppHost`,
  },
  {
    name: 'arg_max(*): newest copy',
    query: `union ${audit}, (${audit} | where TimeGenerated > ago(3d))
| summarize arg_max(TimeGenerated, *) by RecordId
| summarize count(), dcount(ActorName), sum(MessageCount), max(CollectedTime) by Workload`,
  },
  {
    name: 'pivot, bag_unpack',
    query: `${audit}
| extend Facts = bag_pack("Host", AppHostNormalized, "Region", ClientRegion, "Messages", MessageCount)
| project ActorName, Facts
| evaluate bag_unpack(Facts)
| where isnotempty(Region)
| evaluate pivot(Region, sum(Messages), ActorName)`,
  },
];

/** What a workspace of a million rows is asked. */
export const timeRanged = `${audit}
| where TimeGenerated between (ago(3d) .. now())
| summarize Events = count(), Users = dcount(ActorName), Messages = sum(MessageCount) by bin(TimeGenerated, 1h), AppHostNormalized`;
