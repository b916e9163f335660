/** What one record refers to: the keys of look-ups and entities. Pure. */
import { toAgentIds } from '../records/agent-id.ts';
import type { AuditRecord, InteractionEvent } from '../records/audit-record.ts';
import { toDocuments, type Document } from '../records/document.ts';
import { toMeetingId } from '../records/interaction-type.ts';
import { isGuid } from '../records/json-value.ts';
import { isSyntheticActor } from '../records/synthetic-actor.ts';
import { toUsedGuid } from './wire.ts';

/** A key, and other ids of the same thing. */
export interface Reference {
  readonly key: string;
  /** Folded like keys, without the key itself. */
  readonly aliases: readonly string[];
}

/** A meeting of Teams. */
export interface MeetingReference {
  /** Thread id; its casing matters. */
  readonly key: string;
  /** Object id of the organizer, from a join address. */
  readonly organizerId: string | null;
}

/** What a record refers to, each thing once; `documents` begins with the one that stands in the row. */
export interface References {
  readonly user: Reference | null;
  readonly agent: Reference | null;
  /** GUIDs in lower case. */
  readonly labelIds: readonly string[];
  readonly documents: readonly Document[];
  readonly meeting: MeetingReference | null;
}

const UPN = /^[^@\s/\\]+@[^@\s/\\]+$/;
const ORGANIZER = /(?:"|%22)Oid(?:"|%22)(?::|%3a)(?:"|%22)([0-9a-f-]{36})/i;

/** An id as a key: in lower case, except that of a SharePoint agent, which is base64. */
export function toKey(id: string): string {
  return id.startsWith('SPO_') || id.startsWith('SharePointAgents.') ? id : id.toLowerCase();
}

function toReference(key: string, ids: readonly (string | null)[]): Reference {
  const aliases = new Set<string>();
  for (const id of ids) if (id !== null && id !== '') aliases.add(toKey(id));
  aliases.delete(key);
  return { key, aliases: [...aliases] };
}

function toUser({ userId, userKey, isSyntheticActor: isSynthetic }: AuditRecord): Reference | null {
  const key = userId?.trim().toLowerCase() ?? '';
  if (isSynthetic || !(isGuid(key) || UPN.test(key))) return null;
  return toReference(key, isSyntheticActor(userKey, null) ? [] : [userKey?.trim() ?? null]);
}

function toAgent({ agent, appIdentity }: AuditRecord): Reference | null {
  const { normalized, titleId } = toAgentIds(agent.id, appIdentity, agent.targetPlatformAgentId);
  if (normalized === null) return null;
  return toReference(toKey(normalized), [
    titleId,
    agent.id?.trim() ?? null,
    agent.platformAgentId,
    agent.targetPlatformAgentId,
  ]);
}

const toGuid = (id: string | null): string | null => (id !== null && isGuid(id) ? toUsedGuid(id) : null);

/** Ids of the labels of an event and of what it accessed: GUIDs in lower case, once each, without the nil one. */
function toLabelIds({ sensitivityLabelId, event }: AuditRecord): readonly string[] {
  const ids: string[] = [];
  const add = (id: string | null): void => {
    if (id !== null && !ids.includes(id)) ids.push(id);
  };
  add(toGuid(sensitivityLabelId));
  for (const resource of event?.resources ?? []) add(toGuid(resource.sensitivityLabelId));
  return ids;
}

/** Object id of the organizer in the address by which a meeting is joined, in lower case; null when there is none. */
export function organizerIn(joinUrl: string): string | null {
  return /oid/i.test(joinUrl) ? toGuid(ORGANIZER.exec(joinUrl)?.[1] ?? null) : null;
}

function toMeeting({ contexts }: InteractionEvent): MeetingReference | null {
  const key = toMeetingId(contexts);
  if (key === null) return null;
  const organizerId = contexts.map(({ id }) => organizerIn(id ?? '')).find((id) => id !== null) ?? null;
  return { key, organizerId };
}

/** Everything that a record refers to; a user that is no person, or no name of one, is left out. */
export function toReferences(record: AuditRecord): References {
  const { event } = record;
  return {
    user: toUser(record),
    agent: toAgent(record),
    labelIds: toLabelIds(record),
    documents: event === null ? [] : toDocuments(event),
    meeting: event === null ? null : toMeeting(event),
  };
}
