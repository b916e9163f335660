/** Chats of meetings, and online meetings. */
import { GRAPH_CANARIES } from '../../canaries.ts';
import { meetingDetails } from '../../tenant/content-facts.ts';
import type { Meeting } from '../../tenant/meetings.ts';
import type { Ask } from './ask.ts';
import type { Directory } from './directory.ts';
import { fields, optionProblem, selected, type Shape } from './options.ts';
import { found, refused, type Outcome } from './outcome.ts';
import type { Resource, Service, World } from './resource.ts';

const chatFields = fields(
  'id topic createdDateTime lastUpdatedDateTime chatType webUrl tenantId onlineMeetingInfo',
  'viewpoint isHiddenForAllMembers',
);
const chatShape: Shape = {
  type: 'microsoft.graph.chat',
  code: 'BadRequest',
  properties: chatFields,
  byDefault: chatFields,
};
const meetingFields = fields(
  'id creationDateTime startDateTime endDateTime joinWebUrl subject chatInfo participants',
  'joinInformation videoTeleconferenceId meetingType',
);
const meetingShape: Shape = {
  type: 'microsoft.graph.onlineMeeting',
  code: 'BadRequest',
  properties: meetingFields,
  byDefault: meetingFields,
};
const cost = { of: 'teams' } as const;
const chatRoles = ['Chat.ReadBasic.All', 'Chat.Read.All', 'Chat.ReadWrite.All'];

const missingRole = (roles: readonly string[]): Outcome =>
  refused(403, 'Forbidden', `Missing role permissions on the request. API requires one of '${roles.join(', ')}'.`);
const notFound = (): Outcome => refused(404, 'NotFound', `The requested thread does not exist. ${GRAPH_CANARIES[0]}`);

/** `chats/{id}` and `users/{id}/onlineMeetings/{id}`. */
export function teamsService(world: World, people: Directory): Service {
  const { tenant, switches } = world;
  const threads = new Map(tenant.meetings.map((meeting) => [meeting.threadId, meeting]));
  const organizer = ({ organizerId }: Meeting): Readonly<Record<string, unknown>> => ({
    id: organizerId,
    displayName: null,
    tenantId: tenant.id,
    userIdentityType: 'aadUser',
  });

  function chat(ask: Ask, id: string): Resource {
    const meeting = threads.get(id);
    const details = meeting && meetingDetails(tenant.seed, meeting);
    return {
      kind: 'chat',
      key: id,
      roles: chatRoles,
      denied: () => missingRole(chatRoles),
      cost,
      answer: () => {
        const wrong = optionProblem(ask, chatShape);
        if (wrong) return wrong;
        if (!/^19:[^/\s]+@(thread\.v2|unq\.gbl\.spaces|thread\.tacv2)$/.test(id))
          return refused(400, 'BadRequest', 'Invalid chat ID. Chat Id is not in the supported format.');
        if (!meeting || !details?.hasChat) return notFound();
        const values = {
          id,
          topic: details.subject,
          createdDateTime: details.createdTime,
          lastUpdatedDateTime: details.createdTime,
          chatType: 'meeting',
          webUrl: `https://teams.microsoft.com/l/chat/${encodeURIComponent(id)}/0?tenantId=${tenant.id}`,
          tenantId: tenant.id,
          onlineMeetingInfo: { calendarEventId: null, joinWebUrl: meeting.joinUrl, organizer: organizer(meeting) },
          viewpoint: { note: GRAPH_CANARIES[1] },
          isHiddenForAllMembers: false,
        };
        const context = `${world.origin()}/${ask.version}/$metadata#chats/$entity`;
        return found({ '@odata.context': context, ...selected(values, chatShape, ask.options.get('$select')) });
      },
    };
  }

  function onlineMeeting(ask: Ask, userId: string, id: string): Resource {
    const asked = toMeetingId(id);
    const meeting = asked && threads.get(asked.threadId);
    const details = meeting && meetingDetails(tenant.seed, meeting);
    const roles = ['OnlineMeetings.Read.All', 'OnlineMeetings.ReadWrite.All'];
    return {
      kind: 'meeting',
      key: asked?.threadId ?? id,
      roles,
      denied: () => missingRole(roles),
      cost,
      answer: () => {
        const wrong = optionProblem(ask, meetingShape);
        if (wrong) return wrong;
        // Application tokens need the object id: a user principal name is refused.
        if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(userId))
          return refused(400, 'BadRequest', 'The user id must be a GUID.');
        if (switches.meetingPolicy === 'absent')
          return refused(403, 'Forbidden', `No application access policy found for this app on the user: ${userId}.`);
        if (!asked) return refused(400, 'BadRequest', 'Invalid meeting id.');
        const isOrganizer = meeting?.organizerId === userId.toLowerCase();
        if (!meeting || !details?.isKept || !isOrganizer || asked.userId !== userId.toLowerCase())
          return refused(404, 'NotFound', `Online meeting does not exist. ${GRAPH_CANARIES[0]}`);
        const values = {
          id,
          creationDateTime: details.createdTime,
          startDateTime: details.createdTime,
          endDateTime: details.createdTime,
          joinWebUrl: meeting.joinUrl,
          subject: details.subject,
          chatInfo: { threadId: meeting.threadId, messageId: '0', replyChainMessageId: null },
          participants: {
            organizer: {
              upn: people.find(meeting.organizerId)?.upn ?? null,
              role: 'presenter',
              identity: { user: organizer(meeting) },
            },
            attendees: [],
          },
          joinInformation: { content: GRAPH_CANARIES[1], contentType: 'html' },
          videoTeleconferenceId: null,
          meetingType: 'scheduled',
        };
        const context = `${world.origin()}/${ask.version}/$metadata#users('${userId}')/onlineMeetings/$entity`;
        return found({ '@odata.context': context, ...selected(values, meetingShape, ask.options.get('$select')) });
      },
    };
  }

  return (ask) => {
    const [first = '', id = '', third = '', last = ''] = ask.segments;
    const { length } = ask.segments;
    if (first.toLowerCase() === 'chats' && length === 2) return chat(ask, id);
    const isMeeting = first.toLowerCase() === 'users' && third.toLowerCase() === 'onlinemeetings' && length === 4;
    return isMeeting ? onlineMeeting(ask, id, last) : undefined;
  };
}

/** Organizer and thread in a meeting id: base64 of `1*{oid}*0**{thread}`, or `{oid}_{thread}`. */
function toMeetingId(id: string): { readonly userId: string; readonly threadId: string } | undefined {
  const plain = /^([0-9a-f-]{36})_(19:meeting_.+)$/i.exec(id);
  const decoded = /^1\*([0-9a-f-]{36})\*0\*\*(19:meeting_.+)$/i.exec(Buffer.from(id, 'base64').toString());
  const [, userId, threadId] = plain ?? decoded ?? [];
  return userId === undefined || threadId === undefined ? undefined : { userId: userId.toLowerCase(), threadId };
}
