import { expect, it } from 'vitest';
import { failed, fakeGraph, forbidden, found, missing } from './fake-graph.ts';
import { anna, annaId, enrichmentOf, inContext, thread } from './records.ts';

const joinUrl = (oid: string) =>
  `https://teams.microsoft.com/l/meetup-join/${encodeURIComponent(thread)}/0?context=${encodeURIComponent(JSON.stringify({ Tid: oid, Oid: oid }))}`;
const chat = {
  id: thread,
  topic: 'Weekly',
  createdDateTime: '2026-11-01T09:00:00Z',
  onlineMeetingInfo: { organizer: { id: annaId } },
};
const meeting = {
  id: 'm',
  subject: 'Weekly by calendar',
  creationDateTime: '2026-10-01T09:00:00Z',
  participants: { organizer: { upn: 'Anna.Berg@contoso.example' } },
};

/** Facts and calls for a record in the meeting, by these answers of the chat and the online meeting. */
async function meetingOf(answers: { chat?: unknown; meeting?: unknown }, id = thread) {
  const graph = fakeGraph({ 'v1.0 /chats/': answers.chat, [`v1.0 /users/${annaId}/onlineMeetings/`]: answers.meeting });
  const { facts, seen } = await enrichmentOf(graph, ['meetings']).enrich([inContext(id)]);
  return { facts: facts[0], seen, calls: graph.calls };
}

it('takes topic, time and organizer from the chat, without a second call', async () => {
  const { facts, seen, calls } = await meetingOf({ chat: found(chat) });
  expect(facts).toMatchObject({
    meeting: { name: 'Weekly', createdTime: '2026-11-01T09:00:00.000Z', organizer: annaId },
    errors: [],
  });
  expect(seen).toMatchObject([{ entity: { kind: 'meeting', key: thread }, lookUp: 'complete', owedAs: null }]);
  expect(calls).toEqual([`v1.0 /chats/${thread}?$select=id,topic,chatType,onlineMeetingInfo,createdDateTime`]);
});

it.for([
  ['has no topic', { chat: found({ ...chat, topic: null }), meeting: found(meeting) }, thread, chat.createdDateTime],
  [
    'names the organizer in its join address only',
    {
      chat: found({ ...chat, topic: '', onlineMeetingInfo: { joinWebUrl: joinUrl(annaId) } }),
      meeting: found(meeting),
    },
    thread,
    chat.createdDateTime,
  ],
  ['may not be read', { chat: forbidden, meeting: found(meeting) }, joinUrl(annaId), meeting.creationDateTime],
  ['is gone', { chat: missing, meeting: found(meeting) }, joinUrl(annaId), meeting.creationDateTime],
] as const)('asks for the online meeting when the chat %s', async ([, answers, id, created]) => {
  const { facts, calls } = await meetingOf(answers, id);
  expect(facts).toMatchObject({
    meeting: { name: 'Weekly by calendar', createdTime: new Date(created).toISOString(), organizer: anna },
    errors: [],
  });
  const encoded = /onlineMeetings\/([^?]+)/.exec(calls[1] ?? '')?.[1] ?? '';
  expect(Buffer.from(encoded, 'base64').toString()).toBe(`1*${annaId}*0**${thread}`);
});

it('keeps what the chat says when the online meeting may not be read', async () => {
  const { facts } = await meetingOf({ chat: found({ ...chat, topic: null }), meeting: forbidden });
  expect(facts).toMatchObject({ meeting: { name: null, organizer: annaId }, errors: [] });
});

const owedAs = JSON.stringify({ organizerId: annaId });
it.for([
  [{ chat: forbidden, meeting: forbidden }, 'forbidden', 'partial', owedAs, 2],
  [{ chat: missing, meeting: missing }, 'not-found', 'partial', null, 2],
  [{ chat: failed('throttled'), meeting: found(meeting) }, 'throttled', 'pending', owedAs, 1],
  [{ chat: found('<html>'), meeting: missing }, 'unreadable', 'pending', owedAs, 2],
] as const)('gives up when both fail: %o', async ([answers, reason, lookUp, owedAs, calls]) => {
  const got = await meetingOf(answers, joinUrl(annaId));
  expect(got.facts).toMatchObject({ meeting: null, errors: [`meetings: ${reason}`] });
  expect(got.seen).toMatchObject([{ entity: { key: thread, facts: null }, lookUp, owedAs }]);
  expect(got.calls).toHaveLength(calls);
});

it('names the organizer by the directory when users are looked up, too', async () => {
  const graph = fakeGraph({
    'v1.0 /chats/': found(chat),
    'v1.0 /users/': found({ id: annaId, userPrincipalName: anna }),
  });
  const { facts } = await enrichmentOf(graph, ['users', 'meetings']).enrich([inContext(thread)]);
  expect(facts[0]?.meeting?.organizer).toBe(anna);
});
