import type { Context } from './audit-record.ts';
import { toDocument } from './document.ts';
import { toDocumentType } from './document-type.ts';

/** Where the user was: in a meeting, in a file, or in a chat. */
export type InteractionType = 'chat' | 'file' | 'meeting';

// Some clients percent-encode the address. The id ends at @thread.v2, whatever query follows.
const MEETING = /19(?::|%3a)meeting_([^?@/&#"\s%:]+)(?:@|%40)thread\.v2/i;
const MEETING_START = /19(?::|%3a)meeting_/i;
// Files that are in no SharePoint: on a disk, on a share, at another host.
const DOCUMENT_PATH =
  /\.(?:docx?|docm|xlsx?|xlsm|xlsb|pptx?|pptm|pdf|txt|rtf|csv|md|one|loop|fluid|vsdx|mp4)(?:[?#]|$)/i;

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
  toDocumentType(type) !== null ||
  (id !== null && (DOCUMENT_PATH.test(id) || toDocument(id, { name: null, type: null, listItemId: null }) !== null));

/** Type of an interaction by its contexts: a meeting in any of them wins, then a file, else chat. */
export function toInteractionType(contexts: readonly Context[]): InteractionType {
  if (contexts.some(isMeeting)) return 'meeting';
  return contexts.some(isFile) ? 'file' : 'chat';
}
