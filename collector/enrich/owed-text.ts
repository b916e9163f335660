/** What a look-up needs beside the key, as text: state keeps it while the look-up is owed. */
import { z } from 'zod';
import { toDocument, toSite, type Document, type SiteAddress } from '../records/document.ts';
import type { MeetingReference } from './references.ts';

// An address of SharePoint has 400 characters, more when it is encoded. Beyond this the key has to do.
const MAX_LENGTH = 2_048;

function toText(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > MAX_LENGTH ? '' : text;
}

/** Of an agent: its other ids. */
export const aliasesText = (aliases: readonly string[]): string => (aliases.length === 0 ? '' : toText(aliases));

/** Of a file: its address with all casing, on which a sharing link depends, and what else the record told of it. */
export const documentText = ({ url, name, extension, listItemId }: Document): string =>
  toText({ url, name, extension, listItemId });

/** Of a site: its address with all casing. */
export const siteText = ({ url }: SiteAddress): string => toText({ url });

/** Of a meeting: who organized it. */
export const meetingText = ({ organizerId }: MeetingReference): string =>
  organizerId === null ? '' : toText({ organizerId });

const text = z.string().nullable().catch(null);
const aliasesShape = z.array(z.string()).catch([]);
const siteShape = z.object({ url: z.string() });
const documentShape = siteShape.extend({ name: text, extension: text, listItemId: text });
const meetingShape = z.object({ organizerId: text }).catch({ organizerId: null });

function toValue(owedAs: string): unknown {
  try {
    return JSON.parse(owedAs);
  } catch {
    return null;
  }
}

/** The other ids of an agent. */
export const readAliases = (owedAs: string): readonly string[] => aliasesShape.parse(toValue(owedAs));

/** The document of that key; from the key alone, which is in lower case, without a text of it; null when it names none. */
export function readDocument(key: string, owedAs: string): Document | null {
  const { data: known } = documentShape.safeParse(toValue(owedAs));
  if (known?.url.toLowerCase() === key) return { ...known, key, site: toSite(known.url) };
  return toDocument(key, { name: null, type: null, listItemId: null });
}

/** The site of that key; from the key alone without a text of it; null when it names none. */
export function readSite(key: string, owedAs: string): SiteAddress | null {
  const { data: known } = siteShape.safeParse(toValue(owedAs));
  return toSite(known?.url.toLowerCase() === key ? known.url : key);
}

/** The meeting of that key. */
export const readMeeting = (key: string, owedAs: string): MeetingReference => ({
  key,
  ...meetingShape.parse(toValue(owedAs)),
});
