/** The queries of the overview: through functions, over one span each. */
import type { OverviewSpan } from './span.ts';

/**
 * A row per day, and one without a day for the whole span, of turns and again of people: what several days have in
 * common is not to be added up. CopilotPersonTurns knows the spellings of one name. Agents that nobody asked cost, too.
 */
export const usageQuery = ({
  bounds,
}: OverviewSpan): string => `// How much was Copilot used, by how many people, with how many agents?
let turns = materialize(
    CopilotTurns(${bounds})
    | extend IsTyped = not(IsSyntheticActor) and not(IsTestPane)
    | project Day = startofday(EventTime), IsTyped, Agent = iff(IsTyped, tolower(AgentIdNormalized), ""), CreditsBillable
);
let people = materialize(CopilotPersonTurns(${bounds}) | project Day = startofday(EventTime), UserKey);
union
    (turns
    | summarize Interactions = countif(IsTyped), Agents = dcountif(Agent, isnotempty(Agent)), Credits = sum(CreditsBillable) by Day),
    (turns
    | summarize Interactions = countif(IsTyped), Agents = dcountif(Agent, isnotempty(Agent)), Credits = sum(CreditsBillable)),
    (people
    | summarize People = dcount(UserKey) by Day),
    (people
    | summarize People = dcount(UserKey))
| sort by Day asc`;

/** A row per day, as above. */
export const exposureQuery = ({
  bounds,
}: OverviewSpan): string => `// What with a label did Copilot read, and what did a policy stop?
let reads = materialize(
    CopilotResources(${bounds})
    | where not(IsSyntheticActor) and not(IsTestPane) and (isnotempty(LabelId) or isnotempty(PolicyOutcome))
    | project EventTime, IsLabelled = isnotempty(LabelId), PolicyOutcome
);
union
    (reads
    | summarize Labelled = countif(IsLabelled), Blocked = countif(PolicyOutcome == "blocked"), Audited = countif(PolicyOutcome == "audited") by Day = startofday(EventTime)),
    (reads
    | summarize Labelled = countif(IsLabelled), Blocked = countif(PolicyOutcome == "blocked"), Audited = countif(PolicyOutcome == "audited"))
| sort by Day asc`;

/** Interactions by hour (or day) and kind. */
export const activityQuery = ({ bounds, bin }: OverviewSpan): string => `// When was Copilot used, and how?
CopilotTurns(${bounds})
| extend Kind = case(IsSyntheticActor, "Automation", isnotempty(AgentIdNormalized), "With an agent", "Copilot itself")
| summarize Interactions = count() by Time = bin(EventTime, ${bin}), Kind
| sort by Time asc, Kind asc`;

/** A row per source: how complete its hours are. */
export const completenessQuery = ({ bounds }: OverviewSpan): string => `// Is everything here that Microsoft announced?
CopilotHealth(${bounds})
| summarize Hours = count(), CompleteHours = countif(IsComplete), Missing = sum(MissingBlobs), Parked = sum(Parked), Pending = sum(Pending), Accepted = sum(Accepted), Oldest = min(Hour), Newest = max(Hour) by Source
| sort by Source asc`;
