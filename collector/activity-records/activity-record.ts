/** Audit rows in the who / action / what / when / where form of audit archives, as the function CopilotActivityRecords. */
import { isObject } from '../records/json-value.ts';
import { resourceOutcome } from '../records/policy-outcome.ts';
import { toInteractionEvent } from '../records/read-event.ts';
import type { CopilotAuditRow, Json } from '../schema/index.ts';

/** A property of an activity: of a change both values, else only the one that it has. */
export interface ActivityDetail {
  readonly PropertyName: string;
  readonly Before: string;
  readonly After: string;
}

/** One activity; the first six members are never empty. Names as in Netwrix' API, activityrecordreference. */
export interface ActivityRecord {
  readonly Who: string;
  readonly Action: string;
  readonly What: string;
  /** ISO 8601 UTC. */
  readonly When: string;
  readonly Where: string;
  readonly ObjectType: string;
  /** Address that the person came from. */
  readonly Workstation?: string;
  readonly Item?: { readonly Name: string };
  /** The same for the same activity at every export. */
  readonly RID: string;
  readonly DetailList: readonly ActivityDetail[];
}

const PROMPTS: ReadonlySet<string | null> = new Set([
  'CopilotInteraction',
  'AIAppInteraction',
  'ConnectedAIAppInteraction',
  'TeamCopilotInteraction',
  'Microsoft365CopilotScheduledPrompt',
]);
const COPILOT = 'Microsoft Copilot';
const NO_LABEL = /^00000000-/;

type Value = Json | undefined;
type Fields = Readonly<Record<string, Json>>;

/** As `tostring` of Kusto: what is no scalar is its JSON. */
function text(value: Value): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The first that is not empty. */
const first = (...values: readonly Value[]): string => values.map(text).find((one) => one !== '') ?? '';

const details = (properties: Readonly<Record<string, Value>>): readonly ActivityDetail[] =>
  Object.entries(properties)
    .map(([PropertyName, value]) => ({ PropertyName, Before: '', After: text(value) }))
    .filter(({ After }) => After !== '');

const fieldsOf = (value: Value): Fields => (isFields(value) ? value : {});
const isFields = (value: Value): value is Fields => isObject(value);

/** The items of a list; one element may come without its list. */
function listOf(value: Value): readonly Json[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

/** What an audit row says that somebody did: one activity per resource that Copilot accessed, without any exactly one. */
export function toActivityRecords(row: CopilotAuditRow): readonly ActivityRecord[] {
  const event = fieldsOf(row.LLMEventData);
  const accesses = listOf(event['AccessedResources']).flatMap((resource, index) =>
    resource === null ? [] : [toAccess(row, fieldsOf(resource), index)],
  );
  return accesses.length > 0 ? accesses : [toOther(row, event)];
}

const common = (row: CopilotAuditRow): Pick<ActivityRecord, 'Who' | 'When'> & { readonly Workstation?: string } => ({
  Who: first(row.ActorName, row.ActorUserId, 'Unknown'),
  When: text(row.EventTime),
  ...(row.SrcIpAddr !== null && { Workstation: row.SrcIpAddr }),
});

function toAccess(row: CopilotAuditRow, resource: Fields, index: number): ActivityRecord {
  const [read] = toInteractionEvent({ AccessedResources: [resource] }).resources;
  const outcome = read === undefined ? null : resourceOutcome(read);
  const id = first(resource['Id'], resource['ID'], resource['id']);
  const name = text(resource['Name']);
  const labelId = text(resource['SensitivityLabelId']).toLowerCase();
  const isFailed = outcome === 'blocked' || outcome === 'failed';
  return {
    ...common(row),
    Action: `${first(resource['Action'], 'Read')}${isFailed ? ' (Failed Attempt)' : ''}`,
    What: first(resource['SiteUrl'], name, id, 'Unnamed resource'),
    Where: first(row.AppHost, row.AppIdentity, COPILOT),
    ObjectType: first(resource['Type'], 'Resource'),
    ...(name !== '' && { Item: { Name: name } }),
    RID: `${text(row.RecordId)}-${index}`,
    DetailList: details({
      RecordId: row.RecordId,
      ThreadId: row.ThreadId,
      AgentId: row.AgentId,
      AgentName: row.AgentName,
      AppIdentity: row.AppIdentity,
      ResourceId: id,
      SensitivityLabelId: NO_LABEL.test(labelId) ? null : labelId,
      Status: resource['Status'],
      PolicyOutcome: outcome,
      IndirectInjectionDetected: read?.xpiaDetected === true ? 'true' : null,
    }),
  };
}

function toOther(row: CopilotAuditRow, event: Fields): ActivityRecord {
  const isAdmin = text(row.AdminAction) !== '';
  const isPrompt = row.MessageCount !== null || PROMPTS.has(row.RecordType);
  const named = first(row.AgentName, row.AgentId);
  const operation = isPrompt ? 'Prompt' : first(row.Operation, row.RecordType, 'Activity');
  const objectType = named === '' ? 'application' : 'agent';
  return {
    ...common(row),
    Action: isAdmin ? text(row.AdminAction) : operation,
    What: isAdmin ? first(row.AdminTarget, row.AdminObject, COPILOT) : first(named, row.AppIdentity, COPILOT),
    Where: first(row.AppHost, row.AppIdentity, row.Workload, COPILOT),
    ObjectType: isAdmin ? first(row.AdminObject, 'setting') : objectType,
    RID: text(row.RecordId),
    DetailList: [
      ...details({
        RecordId: row.RecordId,
        RecordType: row.RecordType,
        Operation: row.Operation,
        ThreadId: row.ThreadId,
        AgentId: row.AgentId,
        AgentName: row.AgentName,
        AppIdentity: row.AppIdentity,
        ResultStatus: row.ResultStatus,
        JailbreakDetected: row.JailbreakDetected === true ? 'true' : null,
      }),
      ...(isAdmin ? changesOf(event) : []),
    ],
  };
}

/** Security Copilot sends a list of changes; agent settings send one change as fields of the event. */
function changesOf(event: Fields): readonly ActivityDetail[] {
  const given = event['Resource'] ?? event['resource'];
  const sent = Array.isArray(given) || isFields(given) ? listOf(given) : [];
  return (sent.length > 0 ? sent : [event])
    .map(fieldsOf)
    .map((change) => ({
      PropertyName: first(change['Property'], change['property']),
      Before: first(change['OriginalValue'], change['OldValue'], change['originalValue']),
      After: first(change['NewValue'], change['newValue']),
    }))
    .filter(({ PropertyName }) => PropertyName !== '');
}
