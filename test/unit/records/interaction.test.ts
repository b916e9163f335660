import { expect, test } from 'vitest';
import type { AccessedResource } from '../../../collector/records/audit-record.ts';
import { toInteractionType, toMeetingId } from '../../../collector/records/interaction-type.ts';
import { policyOutcome, resourceOutcome } from '../../../collector/records/policy-outcome.ts';

const MEETING = '19:meeting_QUJDREVG-_x@thread.v2';

test.for([
  ['meeting', `https://teams.microsoft.com/_#/conversations/${MEETING}?ctx=chat`, 'TeamsChat', MEETING],
  ['meeting', `https://microsoft.teams.com/threads/${MEETING}`, 'TeamsMeeting', MEETING],
  ['meeting', `https://teams.microsoft.com/l/19%3Ameeting_QUJDREVG-_x%40thread.v2/0`, 'docx', MEETING],
  ['meeting', MEETING, null, MEETING],
  ['meeting', 'https://teams.microsoft.com/l/meetup', 'teamsmeeting', null],
  [
    'file',
    'https://contoso-my.sharepoint.com/personal/a/_layouts/15/Doc.aspx?sourcedoc=%7BX%7D&file=Plan.docx',
    '',
    null,
  ],
  ['file', 'https://contoso.sharepoint.com/sites/x/Plan.xlsx?web=1', null, null],
  ['file', 'https://contoso.sharepoint.com/:w:/s/x/Eabc', null, null],
  ['file', 'https://contoso.sharepoint.com/:b:/g/personal/x/Eabc', null, null],
  ['file', 'https://contoso.sharepoint.com/sites/x/Photo.png', 'http', null],
  [
    'file',
    'https://contoso.sharepoint.com/_layouts/15/WopiFrame.aspx?sourcedoc={c0c0c0c0-0000-4000-8000-000000000001}',
    '',
    null,
  ],
  ['file', 'C:\\Users\\a\\Plan.docx', null, null],
  ['file', 'opaque', 'PPTX', null],
  ['file', 'opaque', 'LoopPage', null],
  ['chat', 'https://contoso.sharepoint.com/:f:/s/x/Eabc', null, null],
  ['chat', 'https://contoso.sharepoint.com/sites/x', null, null],
  ['chat', 'https://contoso.sharepoint.com/sites/x/SitePages/Home.aspx', 'aspx', null],
  ['chat', 'https://teams.microsoft.com/l/19:abc@thread.v2', 'TeamsChat', null],
  ['chat', 'https://security.microsoft.com', '', null],
  ['chat', null, null, null],
] as const)('%s: context %s of type %s', ([kind, id, type, meetingId]) => {
  const contexts = [
    { id: 'https://contoso.example', type: null, containerId: null },
    { id, type, containerId: null },
  ];
  expect(toInteractionType(contexts)).toBe(kind);
  expect(toMeetingId(contexts)).toBe(meetingId);
});

test.for([
  ['meetings that do not end', '19:meeting_'.repeat(9000)],
  ['viewers that show nothing', 'https://x/_layouts/15/doc.aspx?&'.repeat(3000)],
  ['names that do not end', '.docx'.repeat(20_000) + '!'],
] as const)('a hostile context is read in no time: %s', ([, id]) => {
  const started = performance.now();
  expect(toInteractionType([{ id, type: id, containerId: id }])).toMatch(/meeting|chat/);
  expect(toMeetingId([{ id, type: null, containerId: id }])).toBeNull();
  expect(performance.now() - started).toBeLessThan(200);
});

test('no context is a chat', () => {
  expect(toInteractionType([])).toBe('chat');
});

const resource = (status: string | null, ...rules: (readonly [string, readonly string[]])[]): AccessedResource => ({
  id: null,
  name: null,
  siteUrl: null,
  listItemUniqueId: null,
  type: null,
  action: null,
  sensitivityLabelId: null,
  xpiaDetected: null,
  status,
  policies:
    rules.length === 0
      ? []
      : [{ id: 'p', name: 'P', rules: rules.map(([mode, actions]) => ({ name: null, mode, actions })) }],
});

test.for([
  ['blocked', resource('failure', ['Audit only', []])],
  ['blocked', resource('success', ['Enforce', ['NotifyUser', 'BlockAccess']])],
  ['blocked', resource(null, ['Audit only', []], ['enforce', ['block']])],
  ['audited', resource('success', ['Enforce', ['NotifyUser']])],
  ['audited', resource('success', ['Audit with Notify', ['BlockAccess']])],
  ['failed', resource('Failure')],
  [null, resource('success')],
  [null, resource(null)],
] as const)('policy outcome %s', ([outcome, item]) => {
  expect(resourceOutcome(item)).toBe(outcome);
});

test('the strongest outcome of all resources is that of the record', () => {
  const failed = resource('failure');
  const audited = resource('success', ['Audit only', []]);
  const blocked = resource('failure', ['Enforce', ['BlockAccess']]);
  expect(policyOutcome([])).toBeNull();
  expect(policyOutcome([resource('success'), failed])).toBe('failed');
  expect(policyOutcome([audited, failed])).toBe('audited');
  expect(policyOutcome([failed, blocked, audited])).toBe('blocked');
});
