/** What Microsoft 365 knows of files, sites, meetings and labels beyond what events show. */
import { chance, guid, int, letters, pick, random } from '../random.ts';
import type { Label, Site, TenantFile } from './documents.ts';
import type { Meeting } from './meetings.ts';
import type { User } from './user.ts';

const dayMs = 86_400_000;
const newestMs = Date.parse('2026-11-01T00:00:00Z');
const toText = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

/** A file as its drive knows it. Times are ISO 8601 UTC. */
export interface FileDetails {
  readonly sizeBytes: number;
  readonly createdTime: string;
  readonly modifiedTime: string;
  readonly modifiedById: string;
  /** Number of the list item. */
  readonly itemNumber: number;
}

/** Details of a file. */
export function fileDetails(seed: string, file: TenantFile, users: readonly User[]): FileDetails {
  const next = random(seed, 'file-details', file.id);
  const modifiedMs = newestMs - int(next, 0, 700 * 86_400) * 1000;
  return {
    sizeBytes: chance(next, 0.02) ? 0 : Math.floor(4000 * 10 ** (4 * next())),
    createdTime: toText(modifiedMs - int(next, 0, 900) * dayMs),
    modifiedTime: toText(modifiedMs),
    modifiedById: file.site.ownerId ?? pick(next, users).id,
    itemNumber: int(next, 1, 9999),
  };
}

/** Ids of a site's parts. */
export interface SiteDetails {
  readonly webId: string;
  readonly listId: string;
  /** `b!` and 64 characters. */
  readonly driveId: string;
}

/** Details of a site. */
export function siteDetails(seed: string, site: Site): SiteDetails {
  const next = random(seed, 'site-details', site.id);
  return { webId: guid(next), listId: guid(next), driveId: `b!${letters(next, 64)}` };
}

/** A meeting as Teams knows it. */
export interface MeetingDetails {
  /** ISO 8601 UTC. */
  readonly createdTime: string;
  /** Null for a meeting without a subject. */
  readonly subject: string | null;
  /** The chat is gone, by retention. */
  readonly hasChat: boolean;
  /** The meeting is gone: it expired after the last instance. */
  readonly isKept: boolean;
}

/** Details of a meeting. */
export function meetingDetails(seed: string, meeting: Meeting): MeetingDetails {
  const next = random(seed, 'meeting-details', meeting.id);
  return {
    createdTime: toText(newestMs - int(next, 0, 400 * 86_400) * 1000),
    subject: chance(next, 0.05) ? null : meeting.topic,
    hasChat: !chance(next, 0.1),
    isKept: !chance(next, 0.1),
  };
}

/** A label in the tenant's list, with those below it. */
export interface ListedLabel extends Label {
  readonly isEnabled: boolean;
  readonly sublabels: readonly ListedLabel[];
}

/** Every label of the tenant as a tree: those of documents, the group above the highest, and some that nobody uses. */
export function labelTree(seed: string, labels: readonly Label[]): readonly ListedLabel[] {
  const extra = (name: string, priority: number, sublabels: readonly ListedLabel[] = []): ListedLabel => ({
    id: guid(random(seed, 'listed-label', name)),
    name,
    priority,
    isEnabled: name !== 'Secret (old)',
    sublabels,
  });
  const listed = labels.map((label): ListedLabel => {
    const sublabels = label.name === 'Confidential' ? [extra('All Employees', 6), extra('Trusted People', 7)] : [];
    return { ...label, isEnabled: true, sublabels };
  });
  const isHighest = (label: Label): boolean => label.name === 'Highly Confidential';
  return [
    ...listed.filter((label) => !isHighest(label)),
    extra('Restricted', 8, listed.filter(isHighest)),
    extra('Secret (old)', 10),
  ];
}
