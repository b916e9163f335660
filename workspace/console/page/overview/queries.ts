/** The queries of the overview: through functions, over one span each. */
import type { OverviewSpan } from './span.ts';

/**
 * A row per day, and one without a day for the whole span. People are counted by CopilotUsers, which knows the
 * spellings of one name, and agents of several days are not to be added up.
 */
export const usageQuery = ({
  bounds,
  start,
}: OverviewSpan): string => `// How much was Copilot used, by how many people, with how many agents?
let turns = materialize(
    CopilotTurns(${bounds})
    | where not(IsSyntheticActor) and not(IsTestPane)
    | project EventTime, Agent = tolower(AgentIdNormalized), CreditsBillable
);
let people = toscalar(CopilotUsers(${start}) | where EventCount > 0 | count);
union
    (turns
    | summarize Interactions = count(), Agents = dcountif(Agent, isnotempty(Agent)), Credits = sum(CreditsBillable) by Day = startofday(EventTime)),
    (turns
    | summarize Interactions = count(), Agents = dcountif(Agent, isnotempty(Agent)), Credits = sum(CreditsBillable)
    | extend People = people)
| sort by Day asc`;

/** A row per day, as above. */
export const exposureQuery = ({
  bounds,
}: OverviewSpan): string => `// What with a label did Copilot read, and what did a policy stop?
let reads = materialize(
    CopilotResources(${bounds})
    | where isnotempty(LabelId) or isnotempty(PolicyOutcome)
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
| sort by Time asc`;

/** A row per source: how complete its hours are. */
export const completenessQuery = ({ bounds }: OverviewSpan): string => `// Is everything here that Microsoft announced?
CopilotHealth(${bounds})
| summarize Hours = count(), CompleteHours = countif(IsComplete), Missing = sum(MissingBlobs), Parked = sum(Parked), Pending = sum(Pending), Accepted = sum(Accepted), Oldest = min(Hour), Newest = max(Hour) by Source
| sort by Source asc`;
