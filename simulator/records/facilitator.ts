import { pick, pickPopular } from '../random.ts';
import { envelope } from './envelope.ts';
import { eventData } from './event-data.ts';
import { copilotFamily, type Family } from './scene.ts';

const KINDS = [
  ['AINotesUpdate', 'AINotes'],
  ['LiveNotesUpdate', 'LiveNotes'],
  ['TeamCopilotMsgInteraction', 'Message'],
  ['TeamCopilotMsgInteraction', 'MeetingModerator'],
] as const;

/** Facilitator in Teams meetings (record type 334). */
export const facilitator: readonly Family[] = [
  copilotFamily('facilitator', { weight: 1.2, perDay: 1, audience: 'licensed' }, (scene) => {
    const [operation, app] = pick(scene.next, KINDS);
    const common = envelope(scene, { recordType: 334, operation });
    const { threadId } = pickPopular(scene.next, scene.tenant.meetings);
    return {
      ...common,
      AppIdentity: `Copilot.TeamCopilot.${app}`,
      CopilotEventData: eventData(scene, {
        appHost: 'Teams',
        contexts: [{ Id: `https://microsoft.teams.com/threads/${threadId}`, Type: 'TeamsMeeting' }],
      }),
    };
  }),
];
