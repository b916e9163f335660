/** Queries that an incident leads to. Names come from data: they are always quoted. */
import type { EntityView } from '../../api.ts';

/** A text as a literal of KQL. */
export const kqlText = (text: string): string =>
  `"${text.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll(/\p{Cc}/gu, (one) => String.raw`\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;

// More ids make a query that nobody reads; an alert keeps 50.
const MOST_RECORDS = 500;

/** The audit records of an incident, oldest first; undefined where it names none. */
export function evidenceQuery(recordIds: readonly string[]): string | undefined {
  const ids = [...new Set(recordIds)].slice(0, MOST_RECORDS);
  if (ids.length === 0) return undefined;
  return `// The records behind the alerts
CopilotEvents()
| where RecordId in (
    ${ids.map(kqlText).join(',\n    ')}
)
| project EventTime, ActorName, Operation, AppHost = AppHostNormalized, AgentName, SrcIpAddr, ThreadId, IngestedAt, RecordId, LLMEventData
| sort by EventTime asc`;
}

/** What to look at for an entity: everything of the person or address in the last 30 days; undefined for other kinds. */
export function entityQuery({ type, identifiers }: EntityView): string | undefined {
  const accounts = [identifiers['FullName'], identifiers['AadUserId']].filter((name) => name !== undefined);
  if (type === 'Account' && accounts.length > 0) {
    const [name, id] = [identifiers['FullName'], identifiers['AadUserId']];
    const conditions = [
      ...(name === undefined ? [] : [`ActorName =~ ${kqlText(name)}`]),
      ...(id === undefined ? [] : [`ActorUserId =~ ${kqlText(id)}`]),
    ];
    return `// What did this person do with Copilot?
CopilotInteractions(ago(30d))
| where ${conditions.join(' or ')}
| project EventTime, AppHost = AppHostNormalized, AgentName, ThreadId, AccessedResourceCount, SrcIpAddr, RecordId
| sort by EventTime desc`;
  }
  const address = identifiers['Address'];
  if (type === 'IP' && address !== undefined)
    return `// Who used Copilot from this address?
CopilotInteractions(ago(30d))
| where SrcIpAddr == ${kqlText(address)}
| summarize Interactions = count(), FirstTime = min(EventTime), LastTime = max(EventTime) by ActorName, AppHost = AppHostNormalized
| sort by Interactions desc`;
  return undefined;
}
