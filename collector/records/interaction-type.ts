import type { Context } from './audit-record.ts';

/** Where the user was: in a meeting, in a file, or in a chat. */
export type InteractionType = 'chat' | 'file' | 'meeting';

// Some clients percent-encode the address. The id ends at @thread.v2, whatever query follows.
const MEETING = /19(?::|%3a)meeting_([^?@/&#"\s%]+)(?:@|%40)thread\.v2/i;
const MEETING_START = /19(?::|%3a)meeting_/i;
const DOCUMENT_TYPES =
  /^\.?(?:docx?|docm|xlsx?|xlsm|xlsb|pptx?|pptm|pdf|txt|rtf|csv|md|one|loop|fluid|vsdx|mp4|file)$/i;
const DOCUMENT_PATH =
  /\.(?:docx?|docm|xlsx?|xlsm|xlsb|pptx?|pptm|pdf|txt|rtf|csv|md|one|loop|fluid|vsdx|mp4)(?:[?#]|$)/i;
const DOCUMENT_VIEWER = /\/_layouts\/15\/(?:doc|wopiframe2?)\.aspx\?(?:.*&)?sourcedoc=/i;
const SHARING_LINK = /sharepoint[^/]*\/:[wxpbotv]:\//i;

/** Thread id of the meeting (`19:meeting_...@thread.v2`) that any context names; null when none does. */
export function toMeetingId(contexts: readonly Context[]): string | null {
  for (const { id, containerId } of contexts) {
    const found = MEETING.exec(id ?? '') ?? MEETING.exec(containerId ?? '');
    if (found !== null) return `19:meeting_${found[1]}@thread.v2`;
  }
  return null;
}

// The id decides before the type: meetings are also typed TeamsChat.
const isMeeting = ({ id, containerId, type }: Context): boolean =>
  MEETING_START.test(id ?? '') || MEETING_START.test(containerId ?? '') || /^TeamsMeeting$/i.test(type ?? '');

const isFile = ({ id, type }: Context): boolean =>
  DOCUMENT_TYPES.test(type ?? '') ||
  DOCUMENT_PATH.test(id ?? '') ||
  DOCUMENT_VIEWER.test(id ?? '') ||
  SHARING_LINK.test(id ?? '');

/** Type of an interaction by its contexts: a meeting in any of them wins, then a file, else chat. */
export function toInteractionType(contexts: readonly Context[]): InteractionType {
  if (contexts.some(isMeeting)) return 'meeting';
  return contexts.some(isFile) ? 'file' : 'chat';
}
