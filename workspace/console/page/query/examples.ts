/** Queries to start from. */
export interface Example {
  readonly title: string;
  readonly query: string;
}

export const examples: readonly Example[] = [
  {
    title: 'The newest events',
    query: `CopilotEvents(ago(7d))
| project EventTime, ActorName, Operation, AppHostNormalized, AgentName, RecordId
| top 100 by EventTime desc`,
  },
  {
    title: 'Interactions by day, with and without agents',
    query: `CopilotTurns(ago(7d))
| extend Kind = iff(isempty(AgentIdNormalized), "Copilot itself", "With an agent")
| summarize Interactions = count() by Day = startofday(EventTime), Kind
| sort by Day asc
| render barchart`,
  },
  {
    title: 'Who reads most labelled content?',
    query: `CopilotResources(ago(7d))
| where isnotempty(LabelId)
| summarize Reads = count(), Items = dcount(ResourceId), Labels = make_set(LabelName, 10) by ActorName
| top 20 by Reads desc`,
  },
  {
    title: 'Jailbreaks and injections',
    query: `union
    (CopilotMessages(ago(7d))
    | where JailbreakDetected
    | project EventTime, ActorName, AppHostNormalized, ThreadId, Verdict = "jailbreak", What = ""),
    (CopilotResources(ago(7d))
    | where XpiaDetected
    | project EventTime, ActorName, AppHostNormalized, ThreadId, Verdict = "indirect injection", What = ResourceName)
| sort by EventTime desc`,
  },
  {
    title: 'Agents: users, credits, publisher',
    query: `CopilotCredits(ago(7d))
| summarize Turns = count(), Users = dcount(ActorName), Credits = sum(CreditsBillable) by AgentName
| sort by Credits desc`,
  },
  {
    title: 'Licences that nobody uses',
    query: `CopilotLicenses(30)
| where Verdict == "licensed-idle"`,
  },
  {
    title: 'Changes by administrators',
    query: `CopilotAdminEvents(ago(7d))
| project EventTime, ActorName, AdminAction, AdminObject, Operation
| sort by EventTime desc`,
  },
  {
    title: 'Hours that are not complete',
    query: `CopilotHealth(ago(7d))
| where not(IsComplete)
| project Hour, Source, Listed, Fetched, Pending, Parked, MissingBlobs`,
  },
];
