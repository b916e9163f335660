/** How each kind of thing is looked up: what a slot of it is made from. No I/O. */
import type { Document, SiteAddress } from '../records/document.ts';
import { toCandidates } from './agents.ts';
import type { AliasMemory } from './alias-memory.ts';
import type { AgentFacts, FileFacts, LabelFacts, MeetingFacts, SiteFacts, UserFacts } from './facts.ts';
import { toFileFacts } from './files.ts';
import type { Finders } from './finders.ts';
import type { Accounts } from './one-drive.ts';
import { aliasesText, documentText, meetingText, siteText } from './owed-text.ts';
import type { MeetingReference, Reference } from './references.ts';
import { toSiteFacts } from './sites.ts';
import { slot, type Slot } from './slot.ts';

const none: readonly string[] = [];
/** Slots of each kind. */
export interface Slots {
  user(reference: Reference): Slot<UserFacts>;
  agent(reference: Reference): Slot<AgentFacts>;
  label(id: string): Slot<LabelFacts>;
  site(site: SiteAddress): Slot<SiteFacts>;
  file(document: Document): Slot<FileFacts>;
  meeting(reference: MeetingReference): Slot<MeetingFacts>;
}

const toNone = (): readonly string[] => none;
const noText = (): string => '';

/** Makes slots that are looked up by these finders; the owner of a OneDrive is looked up when no known user fits. */
export function slots(finders: Finders, accounts: Accounts, toAliases: AliasMemory): Slots {
  return {
    user({ key, aliases }) {
      const finder = finders.user;
      return slot({ kind: 'user', key, toSubject: () => key, toOwedText: noText, finder, known: null, aliases });
    },
    agent({ key, aliases }) {
      // By every id under which it was ever named: the one in this event may be one that the catalogue does not hold.
      const toSubject = (named: readonly string[]): readonly string[] =>
        toCandidates({ key, aliases: toAliases('agent', key, named) });
      return slot({
        kind: 'agent',
        key,
        toSubject,
        toOwedText: aliasesText,
        finder: finders.agent,
        known: null,
        aliases,
      });
    },
    label(key) {
      const finder = finders.label;
      return slot({ kind: 'label', key, toSubject: toNone, toOwedText: noText, finder, known: null, aliases: none });
    },
    site(site) {
      const { url, oneDriveAccount } = site;
      const owner = oneDriveAccount === null ? null : accounts.ownerOf(oneDriveAccount);
      const isOwnerWanted = oneDriveAccount !== null && owner === null;
      const finder = isOwnerWanted ? finders.site : undefined;
      return slot({
        kind: 'site',
        key: url.toLowerCase(),
        toSubject: () => site,
        toOwedText: () => siteText(site),
        finder,
        known: toSiteFacts(site, owner),
        aliases: none,
        isLacking: isOwnerWanted && finder === undefined,
      });
    },
    file: (document) =>
      slot({
        kind: 'file',
        key: document.key,
        toSubject: () => document,
        toOwedText: () => documentText(document),
        finder: finders.file,
        known: toFileFacts(document),
        aliases: none,
      }),
    meeting: (reference) =>
      slot({
        kind: 'meeting',
        key: reference.key,
        toSubject: () => reference,
        toOwedText: () => meetingText(reference),
        finder: finders.meeting,
        known: null,
        aliases: none,
      }),
  };
}
