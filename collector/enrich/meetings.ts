import type { Answer, Graph } from '../graph/contract.ts';
import { isGuid } from '../records/json-value.ts';
import { cache } from './cache.ts';
import type { MeetingFacts, UserFacts } from './facts.ts';
import type { Finder, FinderOptions, Finding } from './finder.ts';
import { toNothing, unreadable, type Outcome } from './outcome.ts';
import { organizerIn, type MeetingReference } from './references.ts';
import { guid, part, text, time } from './wire.ts';

const chatPart = part({
  id: text,
  topic: text,
  createdDateTime: time,
  onlineMeetingInfo: part({ joinWebUrl: text, organizer: part({ id: guid }) }),
});
const meetingPart = part({
  id: text,
  subject: text,
  creationDateTime: time,
  participants: part({ organizer: part({ upn: text, identity: part({ user: part({ id: guid }) }) }) }),
});

/** Path of the chat of a meeting. */
export function toChatPath(id: string): string {
  return `/chats/${encodeURIComponent(id.toWellFormed())}?$select=id,topic,chatType,onlineMeetingInfo,createdDateTime`;
}

/** Path of an online meeting; its id holds organizer and thread (decoded from Graph's own examples). */
export function toOnlineMeetingPath(id: string, organizerId: string): string {
  const meetingId = Buffer.from(`1*${organizerId}*0**${id}`).toString('base64');
  const select = '$select=id,subject,creationDateTime,participants';
  return `/users/${organizerId}/onlineMeetings/${encodeURIComponent(meetingId)}?${select}`;
}

/** What a chat tells of its meeting; null when the answer is no chat. */
function toChat(body: unknown): MeetingFacts | null {
  const chat = chatPart.parse(body);
  if (chat === null || chat.id === null) return null;
  const info = chat.onlineMeetingInfo;
  const organizer = info?.organizer?.id ?? organizerIn(info?.joinWebUrl ?? '');
  return { kind: 'meeting', name: chat.topic, createdTime: chat.createdDateTime, organizer };
}

function toOnlineMeeting(body: unknown): MeetingFacts | null {
  const meeting = meetingPart.parse(body);
  if (meeting === null || meeting.id === null) return null;
  const person = meeting.participants?.organizer ?? null;
  const organizer = person?.upn?.toLowerCase() ?? person?.identity?.user?.id ?? null;
  return { kind: 'meeting', name: meeting.subject, createdTime: meeting.creationDateTime, organizer };
}

function toOutcomeOf(answer: Answer, read: (body: unknown) => MeetingFacts | null): Outcome<MeetingFacts> {
  if (answer.kind !== 'found') return toNothing(answer);
  const value = read(answer.body);
  return value === null ? unreadable : { kind: 'found', value };
}

/**
 * Meetings by thread id: the topic of the chat (Chat.ReadBasic.All), and the online meeting where the chat says less
 * (OnlineMeetings.Read.All and an application access policy for the organizer).
 */
export function meetings(
  options: FinderOptions & { readonly graph: Graph; readonly users: Finder<string, UserFacts> | undefined },
): Finder<MeetingReference, MeetingFacts> {
  const { graph, users, max, now, onAnswer } = options;

  /** User principal name behind an object id, where the directory may be asked. */
  async function nameOf(organizer: string | null): Promise<string | null> {
    if (organizer === null || users === undefined || !isGuid(organizer)) return organizer;
    await users.ask(organizer, organizer)?.done;
    const outcome = users.get(organizer, organizer)?.outcome;
    return outcome?.kind === 'found' ? outcome.value.key : organizer;
  }

  async function readFacts({ key, organizerId }: MeetingReference): Promise<Outcome<MeetingFacts>> {
    const chat = toOutcomeOf(await graph.get('v1.0', toChatPath(key)), toChat);
    if (chat.kind === 'found' && chat.value.name !== null) return chat;
    const isBusy = chat.kind === 'nothing' && (chat.reason === 'throttled' || chat.reason === 'unavailable');
    const organizer = (chat.kind === 'found' ? chat.value.organizer : null) ?? organizerId;
    if (organizer === null || isBusy) return chat;
    const meeting = toOutcomeOf(await graph.get('v1.0', toOnlineMeetingPath(key, organizer)), toOnlineMeeting);
    if (meeting.kind === 'nothing') return chat;
    const known = chat.kind === 'found' ? chat.value : null;
    const { name, createdTime } = meeting.value;
    return {
      kind: 'found',
      value: {
        kind: 'meeting',
        name,
        createdTime: known?.createdTime ?? createdTime,
        organizer: meeting.value.organizer ?? organizer,
      },
    };
  }

  return cache({
    max,
    now,
    onAnswer,
    async read(reference): Promise<Outcome<Finding<MeetingFacts>>> {
      const outcome = await readFacts(reference);
      if (outcome.kind === 'nothing') return outcome;
      const facts = { ...outcome.value, organizer: await nameOf(outcome.value.organizer) };
      return { kind: 'found', value: { key: reference.key, aliases: [], facts } };
    },
  });
}
